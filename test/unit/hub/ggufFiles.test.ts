import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { nameOfGguf } from '../../../engine/backends/gguf/ggufFile';
import { ggufFiles } from '../../../engine/hub/ggufFiles';
import { temporaryFolder } from '../../support/cli';

describe('GGUF files of other tools', () => {
  let home = '';
  beforeEach(() => {
    home = temporaryFolder();
  });
  afterEach(() => fs.rmSync(home, { recursive: true }));
  const put = (file: string, content = 'GGUF'): string => {
    const whole = path.join(home, file);
    fs.mkdirSync(path.dirname(whole), { recursive: true });
    fs.writeFileSync(whole, content);
    return whole;
  };
  const found = () => ggufFiles({ HF_HOME: path.join(home, 'hf') }, home).map(({ name, tool }) => `${tool}: ${name}`);

  it('are found where LM Studio, llama.cpp and the hub’s tools keep them, once each', () => {
    put('.lmstudio/models/qwen/Qwen3/Qwen3-Q4_K_M.gguf');
    put('.lmstudio/models/qwen/Qwen3/mmproj-Qwen3.gguf');
    put('.lmstudio/models/qwen/Qwen3/readme.md');
    put('.cache/llama.cpp/big-00001-of-00002.gguf');
    put('.cache/llama.cpp/big-00002-of-00002.gguf');
    const blob = put('hf/hub/models--a--b/blobs/abc');
    const snapshot = path.join(home, 'hf/hub/models--a--b/snapshots/1');
    fs.mkdirSync(snapshot, { recursive: true });
    fs.symlinkSync(blob, path.join(snapshot, 'b-Q8_0.gguf'));
    fs.symlinkSync(home, path.join(home, '.lmstudio/models/loop'));
    assert.deepEqual(found().slice(0, 2), ['Hugging Face: a/b/b-Q8_0', 'llama.cpp: big-00001-of-00002']);
    assert.equal(found().filter((one) => one.includes('Qwen3-Q4')).length, 1);
    assert.equal(found().length, 3);
  });

  it('of Ollama bear the names that it gives them; manifests that lead nowhere are passed over', () => {
    const digest = 'a'.repeat(64);
    const blob = put(`.ollama/models/blobs/sha256-${digest}`);
    const layer = (sum: string) =>
      JSON.stringify({ layers: [{ mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${sum}` }] });
    const manifests = '.ollama/models/manifests/registry.ollama.ai';
    put(`${manifests}/library/qwen3/0.6b`, layer(digest));
    put(`${manifests}/someone/gone/latest`, layer('b'.repeat(64)));
    put(`${manifests}/someone/odd/latest`, layer(`../../${'c'.repeat(58)}`));
    put(`${manifests}/someone/broken/latest`, '{');
    assert.deepEqual(found(), ['Ollama: qwen3:0.6b']);
    assert.equal(ggufFiles({}, home)[0]?.file, blob);
  });

  it('tell their model and how its weights are stored by their names', () => {
    assert.deepEqual(nameOfGguf('/x/Qwen3-0.6B-Q4_K_M.gguf'), { name: 'Qwen3-0.6B', stored: 'Q4_K_M' });
    assert.deepEqual(nameOfGguf('a.F16.gguf'), { name: 'a', stored: 'F16' });
    assert.deepEqual(nameOfGguf('big-IQ2_XS-00001-of-00002.gguf'), { name: 'big', stored: 'IQ2_XS' });
    assert.deepEqual(nameOfGguf('plain.gguf'), { name: 'plain', stored: null });
  });
});
