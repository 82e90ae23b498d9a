#!/usr/bin/env node
// A program with llama-server's arguments, for tests of its process: loads for a moment, asks for its key, hands requests to FAKE_TARGET.
// Writes its process id and arguments to FAKE_RECORD; FAKE_TROUBLE makes it end while loading, FAKE_LOAD_MS says how long that takes.
import fs from 'node:fs';
import http from 'node:http';

const { FAKE_TARGET = '', FAKE_RECORD = '', FAKE_TROUBLE, FAKE_LOAD_MS = '200', LLAMA_API_KEY } = process.env;
const args = process.argv.slice(2);
const port = Number(args[args.indexOf('--port') + 1]);
fs.appendFileSync(FAKE_RECORD, `${JSON.stringify({ pid: process.pid, args })}\n`);
console.error('loading model');
if (FAKE_TROUBLE) {
  console.error(FAKE_TROUBLE);
  process.exit(1);
}

let isLoaded = false;
setTimeout(() => {
  isLoaded = true;
}, Number(FAKE_LOAD_MS));

http
  .createServer((request, response) => {
    if (request.url === '/health') {
      response.writeHead(isLoaded ? 200 : 503).end();
      return;
    }
    if (request.headers.authorization !== `Bearer ${LLAMA_API_KEY}`) {
      response.writeHead(401).end();
      return;
    }
    const { method, headers } = request;
    const onward = http.request(new URL(request.url ?? '', FAKE_TARGET), { method, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(response);
    });
    request.pipe(onward);
  })
  .listen(port, '127.0.0.1');
