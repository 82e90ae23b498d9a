// What goes wrong between here and a server: it is tried again where that is safe, told in a sentence where it is not, and never changes
// what comes out.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { JobRefusedError } from '../../../../engine/backends/backend';
import { openServed, type ServedOptions } from '../../../../engine/backends/completions/openServed';
import type { Job, LeafEvent } from '../../../../engine/domain/job';
import { greedy, type ServerSpec } from '../../../../engine/domain/run';
import { loadModelText } from '../../../../engine/text/loadModelText';
import type { ModelText } from '../../../../engine/text/modelText';
import { type FakeEvent, type FakeServer, type Fault, sendEvent, startFakeServer } from '../../../support/fakeServer';
import { bundledModel, runToEnd } from '../../../support/localModel';

let text: ModelText;
const running: FakeServer[] = [];
before(async () => {
  text = await loadModelText(bundledModel);
});
after(() => Promise.all(running.map((server) => server.close())));

/** Two options of one token each, scored in one request, and a text. */
const requestsOfJob = 2;

/** Requests of the probe, which faults leave alone. */
const probeRequests = 13;

async function faulty(fault: Fault, more: { readonly contextTokens?: number } = {}): Promise<FakeServer> {
  const server = await startFakeServer({
    text,
    ...more,
    fault: (response, at) => at.count > probeRequests && fault(response, at),
  });
  running.push(server);
  return server;
}

const specFor = (...servers: readonly FakeServer[]): ServerSpec => ({
  endpoints: servers.map(({ url }) => url),
  tokenizer: bundledModel,
  dialect: 'auto',
  maxInFlight: 8,
});

const quick: ServedOptions = {
  timeouts: { connectMs: 1000, firstEventMs: 400, betweenMs: 400 },
  patience: { attempts: 3, waitMs: 1500, backoffMs: 5 },
};

const open = (spec: ServerSpec, options: ServedOptions = quick) => openServed('fake', spec, options);

function job(temperature = 0): Job {
  const prompt = text.encode('The applicant is 40 years old. <reasoning>\nThe income is steady.').ids;
  const [approve = [], reject = []] = ['approve', 'reject'].map((option) => text.encode(option).ids);
  const sampling = { ...greedy, temperature };
  const options = [
    { option: 'approve', ids: approve },
    { option: 'reject', ids: reject },
  ];
  return {
    prompt,
    leaves: [
      { key: 'scored', ids: [3, 4], readout: { kind: 'forced', options }, sampling, streams: ['s'] },
      {
        key: 'written',
        ids: [3, 5],
        readout: { kind: 'continued', maxTokens: 60, stopTexts: ['</recommendation>'] },
        sampling,
        streams: temperature > 0 ? ['a', 'b', 'c'] : ['a'],
      },
    ],
  };
}

/** What counts: not the order in which leaves come, nor what it cost. */
const results = (events: readonly LeafEvent[]): readonly LeafEvent[] =>
  events
    .filter(({ type }) => type === 'scored' || type === 'continued')
    .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

async function undisturbed(temperature = 0): Promise<readonly LeafEvent[]> {
  const server = await faulty(() => false);
  const { backend } = await open(specFor(server));
  const found = results(await runToEnd(backend, job(temperature)));
  assert.equal(found.length, temperature > 0 ? 4 : 2);
  return found;
}

const once = (fault: Fault): Fault => {
  let isDone = false;
  return (response, at) => {
    if (isDone) return false;
    isDone = true;
    return fault(response, at);
  };
};

const begin = (response: Parameters<Fault>[0]): void =>
  void response.writeHead(200, { 'content-type': 'text/event-stream' });

const passing: Readonly<Record<string, Fault>> = {
  'a fault inside the stream and then a clean [DONE]': (response, { events }) => {
    begin(response);
    sendEvent(response, events[0]);
    sendEvent(response, { error: { message: 'EngineCore encountered an issue.', code: 500 } });
    sendEvent(response, '[DONE]');
    response.end();
    return true;
  },
  'a stream that ends without a finish reason': (response) => {
    begin(response);
    sendEvent(response, { choices: [{ index: 0, text: ' It', token_ids: [11] }] });
    sendEvent(response, '[DONE]');
    response.end();
    return true;
  },
  'a connection that is cut in the middle': (response, { events }) => {
    begin(response);
    sendEvent(response, events[0]);
    setTimeout(() => response.destroy(), 20);
    return true;
  },
  'a connection that is cut before anything came': (response) => {
    response.destroy();
    return true;
  },
  'a status 500': (response) => {
    response.writeHead(500).end('{"error":{"message":"EngineDeadError"}}');
    return true;
  },
  'garbage in the stream': (response) => {
    begin(response);
    response.end('data: {"choices":[{"ind\n\n');
    return true;
  },
  'an HTML page with status 200': (response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>');
    return true;
  },
  silence: () => true,
  'a stream that dries up': (response, { events }) => {
    begin(response);
    sendEvent(response, events[0]);
    return true;
  },
  'a trickle of bytes that never become an event': (response) => {
    begin(response);
    const timer = setInterval(() => response.write(': waiting\n\n'), 50);
    response.on('close', () => clearInterval(timer));
    return true;
  },
};

describe('a fault that passes', () => {
  for (const [name, fault] of Object.entries(passing)) {
    test(`${name}: the same result`, async () => {
      const server = await faulty(once(fault));
      const { backend } = await open(specFor(server));
      assert.deepEqual(results(await runToEnd(backend, job())), await undisturbed());
      assert.equal(server.counts.arrived - probeRequests, requestsOfJob + 1, 'one request came twice, and no other');
    });
  }

  test('429 with Retry-After is waited for', async () => {
    let refusedAt = 0;
    let askedAgainAt = 0;
    const server = await faulty((response, { body }) => {
      if (body.max_tokens !== 60) return false;
      if (refusedAt > 0) {
        askedAgainAt = Date.now();
        return false;
      }
      refusedAt = Date.now();
      response.writeHead(429, { 'retry-after': '1' }).end('{"error":{"message":"slow down"}}');
      return true;
    });
    const { backend } = await open(specFor(server));
    assert.deepEqual(results(await runToEnd(backend, job())), await undisturbed());
    assert.ok(askedAgainAt - refusedAt >= 990, `asked again after ${askedAgainAt - refusedAt} ms`);
  });

  test('samples drawn with seeds come out the same after a cut', async () => {
    const expected = await undisturbed(1);
    const server = await faulty(once(passing['a connection that is cut in the middle'] as Fault));
    const { backend } = await open(specFor(server));
    assert.deepEqual(results(await runToEnd(backend, job(1))), expected);
  });
});

const lasting: Readonly<Record<string, { readonly fault: Fault; readonly says: RegExp }>> = {
  'a redirect, which is not followed': {
    fault: (response) => {
      response.writeHead(307, { location: 'http://elsewhere.example/v1/completions' }).end();
      return true;
    },
    says: /redirects to http:\/\/elsewhere\.example.*did not name/,
  },
  'a refused key': {
    fault: (response) => {
      response.writeHead(401).end('{"error":{"message":"Invalid API key"}}');
      return true;
    },
    says: /401: Invalid API key.*--key-env/,
  },
  'a refused parameter': {
    fault: (response) => {
      response.writeHead(400).end('{"error":{"message":"logprobs must be at most 5"}}');
      return true;
    },
    says: /400: logprobs must be at most 5/,
  },
  'a server that is broken for good': {
    fault: (response) => {
      response.writeHead(500).end('no JSON');
      return true;
    },
    says: /500: no JSON.*tried 3 times/,
  },
  'a server that is always busy': {
    fault: (response) => {
      response.writeHead(503, { 'retry-after': '0.2' }).end('{}');
      return true;
    },
    says: /answered 503.*tried \d+ times/,
  },
  'an answer that its own filter stopped': {
    fault: (response) => {
      begin(response);
      sendEvent(response, { choices: [{ index: 0, text: 'x', finish_reason: 'content_filter' }] });
      response.end();
      return true;
    },
    says: /stopped the answer: content_filter/,
  },
};

describe('a fault that stays', () => {
  for (const [name, { fault, says }] of Object.entries(lasting)) {
    test(`${name}: said in a sentence`, async () => {
      const server = await faulty(fault);
      const { backend } = await open(specFor(server));
      await assert.rejects(runToEnd(backend, job()), { name: 'UserError', message: says });
      const before = server.counts.arrived;
      await new Promise((resolve) => setTimeout(resolve, 150));
      assert.equal(server.counts.arrived, before, 'nothing is asked any more');
    });
  }

  test('a prompt that is too long refuses that job alone', async () => {
    const server = await faulty((response) => {
      response
        .writeHead(400)
        .end('{"error":{"message":"This model\'s maximum context length is 4096 tokens","param":"input_tokens"}}');
      return true;
    });
    const { backend } = await open(specFor(server));
    await assert.rejects(runToEnd(backend, job()), (error) => error instanceof JobRefusedError);
  });

  test('cancelling takes the requests back', async () => {
    let closed = 0;
    const server = await faulty((response) => {
      response.on('close', () => {
        closed += 1;
      });
      return true;
    });
    const { backend } = await open(specFor(server), {
      ...quick,
      timeouts: { connectMs: 1000, firstEventMs: 60_000, betweenMs: 60_000 },
    });
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 100);
    await assert.rejects(
      async () => {
        for await (const _ of backend.run(job(), cancel.signal));
      },
      { name: 'CancelledError' },
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(closed > 0);
    assert.equal(closed, server.counts.arrived - probeRequests);
  });
});

describe('opening', () => {
  test('a name that is not served is refused, also where the server would ignore it', async () => {
    const server = await faulty(() => false);
    const refused = openServed('other', specFor(server), quick);
    await assert.rejects(refused, { name: 'UserError', message: /does not serve "other" but fake.*--served-model/ });
    assert.equal(server.counts.arrived, 0);
  });

  test('nothing there', async () => {
    const server = await faulty(() => false);
    const spec = specFor(server);
    await server.close();
    await assert.rejects(open(spec), { name: 'UserError', message: /nothing listens there/ });
  });

  test('services that cannot continue a turn are refused without asking them', async () => {
    for (const url of ['https://api.anthropic.com/v1', 'https://api.openai.com/v1']) {
      const spec = { ...specFor(), endpoints: [url] };
      await assert.rejects(open(spec), { name: 'UserError', message: /cannot be used: / });
    }
  });

  test('the key comes from the environment, goes to the server and stands in no record', async () => {
    const server = await faulty(() => false);
    const spec = { ...specFor(server), keyEnv: 'SECRET_OF_TEST' };
    const secretOf = (name: string): string | undefined => (name === 'SECRET_OF_TEST' ? 'k-1234567' : undefined);
    const { backend } = await open(spec, { ...quick, secretOf });
    await runToEnd(backend, job());
    assert.equal(server.headers().authorization, 'Bearer k-1234567');
    assert.ok(!JSON.stringify([backend.model, spec]).includes('k-1234567'));
    await assert.rejects(open(spec, { ...quick, secretOf: () => undefined }), {
      message: /SECRET_OF_TEST is empty or not set/,
    });
  });

  test('what the server does is recorded', async () => {
    const server = await faulty(() => false);
    const { backend } = await open(specFor(server));
    assert.equal(backend.model.runtime, 'vLLM 0.0.0-fake');
    assert.deepEqual(backend.model.server?.endpoints[0]?.probed, {
      promptTokens: 'as sent',
      addsFirst: false,
      tokenIds: true,
      greedyRepeats: true,
      refusesWrongModel: false,
      repeatsPrefix: false,
      topLogProbs: 20,
      wantedIds: true,
      forcedToken: true,
      choices: true,
      seeds: true,
      samples: 8,
    });
    assert.equal(server.counts.arrived, probeRequests);
  });
});

test('a server that sends one sample many times is asked for each by itself', async () => {
  const server = await startFakeServer({
    text,
    fault: (response, { body, events }) => {
      if ((body.n ?? 1) === 1) return false;
      const first = events.filter((event) =>
        (event as FakeEvent).choices.some(({ index }) => index === 0),
      ) as FakeEvent[];
      for (let index = 0; index < (body.n ?? 1); index += 1) {
        for (const { choices } of first)
          sendEvent(response, { choices: choices.map((choice) => ({ ...choice, index })) });
      }
      response.end('data: [DONE]\n\n');
      return true;
    },
  });
  running.push(server);
  const { backend } = await open(specFor(server));
  assert.equal(backend.model.server?.endpoints[0]?.probed.samples, 1);
  const texts = (await runToEnd(backend, job(1))).flatMap((event) => (event.type === 'continued' ? [event.text] : []));
  assert.equal(new Set(texts).size, 3);
});

describe('several endpoints', () => {
  test('one that dies in the middle: the others take over, with the same result', async () => {
    const expected = await undisturbed(1);
    const dying: FakeServer = await faulty((response) => {
      response.destroy();
      dying.kill();
      return true;
    });
    const living = await faulty(() => false);
    const { backend } = await open(specFor(dying, living));
    for (let turn = 0; turn < 3; turn += 1) {
      assert.deepEqual(results(await runToEnd(backend, job(1))), expected);
    }
    assert.ok((backend.traffic?.().retries ?? 0) >= 1);
  });

  test('one that was away for a while is asked again', async () => {
    let isAway = true;
    const server = await faulty((response) => {
      if (isAway) response.destroy();
      return isAway;
    });
    const { backend } = await open(specFor(server), { ...quick, patience: { ...quick.patience!, waitMs: 20_000 } });
    setTimeout(() => {
      isAway = false;
    }, 300);
    assert.deepEqual(results(await runToEnd(backend, job())), await undisturbed());
  });
});
