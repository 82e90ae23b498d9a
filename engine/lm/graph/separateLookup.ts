// Owns giving the lookup of token embeddings an entry of its own where it shares its weights with a product of matrices. The runtime packs
// a product's weights and drops what it packed, unless someone else reads it; two entries for the same bytes of a file that is mapped
// into memory cost nothing, and only the looked-up rows are ever read. Must not know sessions.
import { type Initializer, type OnnxDocument, withInputs, withName } from './onnxDocument';

export function separateLookup(document: OnnxDocument): OnnxDocument {
  const external = new Map(
    document.initializers.filter(({ isExternal }) => isExternal).map((one) => [one.name, one] as const),
  );
  const elsewhere = new Set(
    document.nodes.filter(({ operator }) => operator !== 'Gather').flatMap(({ inputs }) => inputs),
  );
  const added = new Map<string, Initializer>();
  const nodes = document.nodes.map((node) => {
    const [name = '', ...others] = node.inputs;
    const table = external.get(name);
    if (node.operator !== 'Gather' || table === undefined || !elsewhere.has(name)) return node;
    const own = withName(table, `${name}.lookup`);
    added.set(own.name, own);
    return withInputs(node, [own.name, ...others]);
  });
  return { ...document, nodes, initializers: [...document.initializers, ...added.values()] };
}
