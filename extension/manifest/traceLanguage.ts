// Owns the language of readable traces: its id, its colors, and how an editor shows it unless a person says otherwise.

const id = 'counterthought-trace';

export const languages = [{ id, aliases: ['Reasoning trace'] }] as const;

export const grammars = [
  { language: id, scopeName: 'text.counterthought-trace', path: './extension/media/trace.tmLanguage.json' },
] as const;

export const configurationDefaults = {
  [`[${id}]`]: {
    'editor.wordWrap': 'on',
    'editor.wrappingIndent': 'same',
    'editor.lineNumbers': 'off',
    'editor.glyphMargin': false,
    'editor.minimap.enabled': false,
    'editor.renderWhitespace': 'none',
    'editor.guides.indentation': false,
    'editor.insertSpaces': true,
    'editor.detectIndentation': false,
    'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
    'editor.wordBasedSuggestions': 'off',
    'editor.unicodeHighlight.ambiguousCharacters': false,
    'editor.inlayHints.enabled': 'on',
  },
} as const;
