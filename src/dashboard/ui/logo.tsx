export const Logo = () => (
  <svg viewBox="0 0 20 20" aria-hidden="true" fill="none">
    <rect x="1" y="1" width="8" height="8" rx="1" fill="var(--text-1)" />
    <rect x="11" y="1" width="8" height="8" rx="1" fill="var(--text-1)" />
    <rect x="1" y="11" width="8" height="8" rx="1" fill="var(--data-available)" />
    <rect x="11.75" y="11.75" width="6.5" height="6.5" rx=".5" stroke="var(--data-available)" strokeWidth="1.5" />
  </svg>
);
