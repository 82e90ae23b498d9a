// Owns the engine process: answers the contract over the parent's channel, and ends with it.

import { serve } from '../wire/peer';
import { parentPort } from '../wire/processPort';
import type { EngineContract } from './contract';
import { engineHandlers } from './engine';

const port = parentPort(process);
serve<EngineContract>(port, engineHandlers());
port.onClose(() => process.exit(0));
