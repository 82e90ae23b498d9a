// Opens a model in the thread of the test, where its parts can be looked at.
import { type LoadOptions, loadModel, type OpenedModel } from '../../engine/lm/loadModel';
import { loadModelText } from '../../engine/text/loadModelText';
import { packText } from '../../engine/text/outputText';

export const openModel = async (folder: string, options: LoadOptions): Promise<OpenedModel> =>
  loadModel(folder, packText(await loadModelText(folder)), options);
