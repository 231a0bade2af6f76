// A write that somebody asks for with a button. A second click before React has drawn the first one does nothing.
import { useMutation, type UseMutationOptions } from '@tanstack/react-query';
import { useRef } from 'react';

type ActionOptions<Data, Input> = Omit<UseMutationOptions<Data, Error, Input>, 'mutationFn'> & {
  readonly mutationFn: (input: Input) => Promise<Data>;
};

export const useAction = <Data, Input = void>({ mutationFn, ...options }: ActionOptions<Data, Input>) => {
  const isRunning = useRef(false);
  const mutation = useMutation<Data, Error, Input>({
    ...options,
    mutationFn: async (input) => {
      try {
        return await mutationFn(input);
      } finally {
        isRunning.current = false;
      }
    },
  });
  const mutate = (input: Input): void => {
    if (isRunning.current) return;
    isRunning.current = true;
    mutation.mutate(input);
  };
  return { ...mutation, mutate };
};
