// Translates field paths of Kubernetes to those of a request.

/** `spec.template.spec.containers[0].image` → `["template", "spec", "containers", 0, "image"]`; `metadata.labels` → `["labels"]`. */
export const fieldPath = (field: string): (string | number)[] => {
  const [first, ...rest] = [...field.matchAll(/\[([^\]]*)\]|([^.[]+)/g)].map(
    ([, index = '', name]) => name ?? indexOf(index),
  );
  if (first === undefined || first === '<nil>') return [];
  return first === 'spec' || first === 'metadata' ? rest : [first, ...rest];
};

/** Brackets contain an index of a list, or a key of a map. */
const indexOf = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);
