// References to environment variables in commands, arguments and values: `$(NAME)`, and `$$` for a dollar sign.
// Source: https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/

const REFERENCE = /\$(?:\$|\(([^)]*)\))/g;

/** The text with every reference to a known variable replaced; unknown ones stay as they are. */
export const expand = (text: string, variables: ReadonlyMap<string, string>): string =>
  text.replace(REFERENCE, (reference, name: string | undefined) =>
    name === undefined ? '$' : (variables.get(name) ?? reference),
  );

/** The variables in order, each expanded with those before it. Of two with one name, the later one applies. */
export const expandVariables = (
  env: readonly { readonly name: string; readonly value: string }[],
): ReadonlyMap<string, string> => {
  const variables = new Map<string, string>();
  for (const { name, value } of env) variables.set(name, expand(value, variables));
  return variables;
};
