// Owns what the extension may do where a folder is not trusted, or not on a disk.

export const capabilities = {
  untrustedWorkspaces: {
    supported: 'limited',
    description: 'Trace files can be read; models run only in a trusted workspace.',
    restrictedConfigurations: [
      'counterthought.modelFolder',
      'counterthought.models.folders',
      'counterthought.servers',
      'counterthought.llamaServer',
    ],
  },
  virtualWorkspaces: { supported: false, description: 'The engine reads trace files from disk.' },
} as const;
