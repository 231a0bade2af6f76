// The buttons: one primary at most in a view, everything else is plain or quiet.
import { UnstyledButton, type UnstyledButtonProps } from '@mantine/core';
import type { ComponentPropsWithRef } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-name.ts';

type ButtonProps = UnstyledButtonProps &
  Omit<ComponentPropsWithRef<'button'>, keyof UnstyledButtonProps> & {
    readonly kind?: 'primary' | 'plain' | 'quiet';
    readonly small?: boolean;
    /** What it does cannot be undone. */
    readonly danger?: boolean;
    readonly icon?: IconName;
  };

export const Button = ({ kind = 'plain', small, danger, icon, className, children, ...rest }: ButtonProps) => {
  const classes = ['btn', kind !== 'plain' && kind, small && 'small', danger && 'bad', className];
  return (
    <UnstyledButton className={classes.filter(Boolean).join(' ')} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </UnstyledButton>
  );
};

type IconButtonProps = Omit<ButtonProps, 'children' | 'icon'> & { readonly icon: IconName; readonly label: string };

/** A button without a word; its label is read aloud and shown as its title. */
export const IconButton = ({ label, className, kind = 'quiet', ...rest }: IconButtonProps) => (
  <Button {...rest} kind={kind} aria-label={label} title={label} className={`icon-only ${className ?? ''}`} />
);
