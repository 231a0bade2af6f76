// Exchanges the API key for a session. The key stays in this form: it is never stored in the browser.
import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { Logo } from '../../ui/logo.tsx';
import { useLinkError } from '../../api/use-session.ts';
import { signIn } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';

export const SignInPage = () => {
  const linkError = useLinkError();
  const { isPending, error, submit } = useSignIn();
  return (
    <main className="sign-in">
      <div className="brand">
        <Logo />
        <span>Warmpool</span>
      </div>
      <h1>Sign in</h1>
      <form action={submit}>
        <PasswordInput
          name="apiKey"
          label="API key"
          autoComplete="off"
          autoFocus
          required
          withAsterisk={false}
          error={error ?? linkError}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
        />
        <Button kind="primary" type="submit" disabled={isPending}>
          Sign in
        </Button>
      </form>
      <p className="hintline">
        When it starts, the server logs where its key is stored. On your own machine it also prints a link that signs in
        once, within 10 minutes.
      </p>
      <p className="hintline">
        You stay signed in for 12 hours. The key is exchanged for a cookie and not kept in the browser.
      </p>
    </main>
  );
};

const useSignIn = () => {
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const submit = async (form: FormData): Promise<void> => {
    const apiKey = form.get('apiKey');
    if (typeof apiKey !== 'string') return;
    setPending(true);
    try {
      await signIn({ apiKey: apiKey.trim() });
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    } finally {
      setPending(false);
    }
  };
  return { isPending, error, submit };
};
