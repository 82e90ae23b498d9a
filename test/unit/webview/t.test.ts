// The page's words: looked up by what they are in English, with values in the order of the language.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { parts, plural, speak, t } from '../../../webview/ui/t';

describe('the words of a page', () => {
  after(() => speak({}));

  it('are English where nobody translated them', () => {
    speak({});
    assert.equal(t('{0} of {1}', 3, 'many'), '3 of many');
    assert.equal(t('braces {} and {2} stay', 'x'), 'braces {} and {2} stay');
  });

  it('are looked up, and their values stand where the language has them', () => {
    speak({ '{0} of {1}': 'von {1} {0}', '{0} file': 'eine Datei', '{0} files': '{0} Dateien' });
    assert.equal(t('{0} of {1}', 3, 9), 'von 9 3');
    assert.deepEqual(
      [1, 0, 1234].map((n) => plural('{0} file', '{0} files', n)),
      ['eine Datei', '0 Dateien', '1,234 Dateien'],
    );
  });

  it('hold templates in pieces', () => {
    speak({ 'choose {0} in {1}': '{1}: {0} wählen' });
    const [bold, plain] = [{}, {}];
    assert.deepEqual(parts('choose {0} in {1}', bold, plain), ['', plain, ': ', bold, ' wählen']);
  });
});
