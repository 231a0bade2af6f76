// Mantine on the tokens of styles/tokens.css: both schemes share their names.
import { createTheme, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'iris',
  primaryShade: { light: 6, dark: 6 },
  colors: {
    iris: [
      '#eeeefb',
      '#dcdcf8',
      '#bcbdf2',
      '#9eaafd',
      '#7d84ee',
      '#5d61e0',
      '#4e4ecc',
      '#4242b4',
      '#363696',
      '#1d1f38',
    ],
    gray: [
      '#f7f8fa',
      '#f1f2f5',
      '#e3e5e8',
      '#ced1d6',
      '#ced1d6',
      '#868c97',
      '#636974',
      '#454b54',
      '#2b3038',
      '#12161d',
    ],
    dark: [
      '#eceef3',
      '#b3b8c1',
      '#9096a0',
      '#6e747e',
      '#3c4047',
      '#24272b',
      '#15181b',
      '#0f1113',
      '#0a0b0e',
      '#07080a',
    ],
  },
  fontFamily: 'var(--font-sans)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '14px', xl: '16px' },
  lineHeights: { xs: '16px', sm: '16px', md: '20px', lg: '20px', xl: '24px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '6px', md: '6px', lg: '10px', xl: '10px' },
  defaultRadius: 'sm',
  breakpoints: { xs: '24.375em', sm: '45.0625em', md: '64em', lg: '75em', xl: '100em' },
  shadows: { md: 'var(--shadow-card)', xl: 'var(--shadow-overlay)' },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '20px', lineHeight: '28px' }, h2: { fontSize: '13px', lineHeight: '20px' } },
  },
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Input: {
      vars: () => ({
        wrapper: { '--input-height': 'var(--control)', '--input-fz': '13px', '--input-bg': 'var(--canvas)' },
      }),
    },
    Modal: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        shadow: 'xl',
        radius: 'lg',
        overlayProps: { color: 'transparent' },
      },
    },
  },
});

/** The same variables in both schemes: tokens.css changes what they mean. */
const shared = {
  '--mantine-color-body': 'var(--canvas)',
  '--mantine-color-text': 'var(--text-1)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--bad-text)',
  '--mantine-color-success': 'var(--ok-text)',
  '--mantine-color-default': 'var(--canvas)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text-1)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-color-disabled-color': 'var(--text-3)',
  '--mantine-color-iris-filled': 'var(--accent-solid)',
  '--mantine-color-iris-filled-hover': 'var(--accent-solid-hover)',
  '--mantine-color-iris-light': 'var(--accent-tint)',
  '--mantine-color-iris-light-hover': 'var(--accent-tint)',
  '--mantine-color-iris-light-color': 'var(--accent)',
  '--mantine-color-iris-outline': 'var(--accent)',
};
export const resolver: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
