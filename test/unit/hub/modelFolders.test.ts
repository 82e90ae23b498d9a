// Models in folders that a person named, among everything else that lies in such folders.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { modelsInFolders } from '../../../engine/hub/modelFolders';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-folders-'));
after(() => fs.rmSync(root, { recursive: true, force: true }));

function put(file: string, bytes: number): void {
  const place = path.join(root, file);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.writeFileSync(place, Buffer.alloc(bytes));
}

for (const file of ['config.json', 'tokenizer.json'])
  for (const dir of ['one', 'deep/er/two']) put(`${dir}/${file}`, 1);
put('one/model.onnx', 100);
put('one/model.onnx_data', 1000);
put('deep/er/two/onnx/model_q4.onnx', 30);
put('deep/er/two/onnx/model_fp16.onnx', 20);
put('more/some.gguf', 7);
put('more/mmproj-some.gguf', 7);
put('weights/config.json', 1);
put('weights/model.safetensors', 1);

test('ONNX models and GGUF files are found with what they weigh, each file of several by itself, nothing else', () => {
  const found = modelsInFolders([root]).map(({ name, model, kind, bytes }) => [
    name,
    path.relative(root, model),
    kind,
    bytes,
  ]);
  assert.deepEqual(found, [
    ['deep/er/two:fp16', 'deep/er/two/onnx/model_fp16.onnx', 'ONNX', 20],
    ['deep/er/two:q4', 'deep/er/two/onnx/model_q4.onnx', 'ONNX', 30],
    ['one', 'one', 'ONNX', 1100],
    ['more/some.gguf', 'more/some.gguf', 'GGUF', 7],
  ]);
});

test('a model’s own folder may be named, one twice, and one that is not there', () => {
  const found = modelsInFolders([path.join(root, 'one'), root, path.join(root, 'absent'), ' ']);
  assert.deepEqual(found.map(({ name }) => name).slice(0, 2), ['one', 'deep/er/two:fp16']);
  assert.equal(found.length, 4);
});
