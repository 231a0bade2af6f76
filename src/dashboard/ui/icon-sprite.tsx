// The icons and the hatch of starting members, drawn once per page. Stripes are a pattern: a CSS gradient blurs.
export const IconSprite = () => (
  <svg width="0" height="0" className="sprite" aria-hidden="true">
    <defs>
      <symbol id="i-allocated" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6.25" />
        <circle className="solid" cx="8" cy="8" r="3.25" />
      </symbol>
      <symbol id="i-close" viewBox="0 0 16 16">
        <path d="m4 4 8 8m0-8-8 8" />
      </symbol>
      <symbol id="i-code" viewBox="0 0 16 16">
        <path d="m5.5 4.5-3.5 3.5 3.5 3.5M10.5 4.5 14 8l-3.5 3.5" />
      </symbol>
      <symbol id="i-copy" viewBox="0 0 16 16">
        <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
        <path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
      </symbol>
      <symbol id="i-degraded" viewBox="0 0 16 16">
        <path className="solid" d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" />
        <path className="sign" d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" />
      </symbol>
      <symbol id="i-down" viewBox="0 0 16 16">
        <path d="m4 6 4 4 4-4" />
      </symbol>
      <symbol id="i-edit" viewBox="0 0 16 16">
        <path d="M10.5 2.9 13.1 5.5 5.6 13H3v-2.6z" />
      </symbol>
      <symbol id="i-exhausted" viewBox="0 0 16 16">
        <circle className="solid" cx="8" cy="8" r="7" />
        <path className="sign" d="M4.9 8h6.2" />
      </symbol>
      <symbol id="i-eye" viewBox="0 0 16 16">
        <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z" />
        <circle cx="8" cy="8" r="1.9" />
      </symbol>
      <symbol id="i-failed" viewBox="0 0 16 16">
        <path className="solid" d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" />
        <path className="sign" d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" />
      </symbol>
      <symbol id="i-growing" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6.25" />
        <path d="M8 11V5.3M5.6 7.6 8 5.2l2.4 2.4" />
      </symbol>
      <symbol id="i-help" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6.25" />
        <path d="M6.3 6.3a1.75 1.75 0 1 1 2.6 1.5c-.6.35-.9.65-.9 1.25M8 11.3v.05" />
      </symbol>
      <symbol id="i-key" viewBox="0 0 16 16">
        <circle cx="5.25" cy="10.75" r="3" />
        <path d="m7.5 8.5 6-6M11 5l2 2" />
      </symbol>
      <symbol id="i-label" viewBox="0 0 16 16">
        <path d="M2.5 2.5h5.2l5.8 5.8-5.2 5.2-5.8-5.8z" />
        <path d="M5.4 5.4v.05" />
      </symbol>
      <symbol id="i-live" viewBox="0 0 16 16">
        <circle className="solid" cx="8" cy="8" r="2.25" />
        <path d="M4.6 11.4a4.8 4.8 0 0 1 0-6.8M11.4 4.6a4.8 4.8 0 0 1 0 6.8" />
      </symbol>
      <symbol id="i-lost" viewBox="0 0 16 16">
        <path d="M4.6 11.4a4.8 4.8 0 0 1-.7-5.9M11.4 4.6a4.8 4.8 0 0 1 .7 5.9M2 2l12 12" />
      </symbol>
      <symbol id="i-low" viewBox="0 0 16 16">
        <path d="M8 2.1 14.4 13.4H1.6z" />
        <path d="M8 6.5v3.1M8 11.5v.05" />
      </symbol>
      <symbol id="i-menu" viewBox="0 0 16 16">
        <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />
      </symbol>
      <symbol id="i-moon" viewBox="0 0 16 16">
        <path d="M13.6 9.6A6 6 0 0 1 6.4 2.4a6 6 0 1 0 7.2 7.2z" />
      </symbol>
      <symbol id="i-more" viewBox="0 0 16 16">
        <circle className="solid" cx="3.25" cy="8" r="1.25" />
        <circle className="solid" cx="8" cy="8" r="1.25" />
        <circle className="solid" cx="12.75" cy="8" r="1.25" />
      </symbol>
      <symbol id="i-plus" viewBox="0 0 16 16">
        <path d="M8 3v10M3 8h10" />
      </symbol>
      <symbol id="i-poolmax" viewBox="0 0 16 16">
        <path d="M2.5 2.5h11" />
        <path d="M8 13.75V6M4.9 9 8 5.9 11.1 9" />
      </symbol>
      <symbol id="i-ready" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6.25" />
        <path d="m5.4 8.2 1.8 1.8 3.5-3.9" />
      </symbol>
      <symbol id="i-retry" viewBox="0 0 16 16">
        <path d="M13.4 8a5.4 5.4 0 1 1-1.7-3.9" />
        <path d="M13.4 2v3h-3" />
      </symbol>
      <symbol id="i-right" viewBox="0 0 16 16">
        <path d="m6 4 4 4-4 4" />
      </symbol>
      <symbol id="i-rolling" viewBox="0 0 16 16">
        <path d="M13.6 8.4a5.6 5.6 0 0 1-9.7 3.4M2.4 7.6a5.6 5.6 0 0 1 9.7-3.4" />
        <path d="M12.4 1.6v2.8H9.6M3.6 14.4v-2.8h2.8" />
      </symbol>
      <symbol id="i-search" viewBox="0 0 16 16">
        <circle cx="7" cy="7" r="4.75" />
        <path d="m10.6 10.6 3.4 3.4" />
      </symbol>
      <symbol id="i-settled" viewBox="0 0 16 16">
        <path d="M3 8h10" />
      </symbol>
      <symbol id="i-shrinking" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6.25" />
        <path d="M8 5v5.7M5.6 8.4 8 10.8l2.4-2.4" />
      </symbol>
      <symbol id="i-sortdown" viewBox="0 0 16 16">
        <path d="M8 3v10M4.5 9.5 8 13l3.5-3.5" />
      </symbol>
      <symbol id="i-starting" viewBox="0 0 16 16">
        <path d="M8 1.75A6.25 6.25 0 1 1 1.75 8" strokeDasharray="2.6 2.3" />
        <path d="M8 4.8V8l2.2 1.4" />
      </symbol>
      <symbol id="i-sun" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="2.9" />
        <path d="M8 1.4v1.3M8 13.3v1.3M1.4 8h1.3M13.3 8h1.3M3.3 3.3l.9.9M11.8 11.8l.9.9M12.7 3.3l-.9.9M4.2 11.8l-.9.9" />
      </symbol>
      <symbol id="i-terminating" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6.25" />
        <path d="M5.2 8h5.6" />
      </symbol>
      <symbol id="i-unknown" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6.25" strokeDasharray="2.4 2.5" />
        <path d="M6.4 6.4a1.7 1.7 0 1 1 2.5 1.5c-.6.3-.9.6-.9 1.2M8 11.3v.05" />
      </symbol>
      <symbol id="i-up" viewBox="0 0 16 16">
        <path d="m4 10 4-4 4 4" />
      </symbol>
      <symbol id="i-waiting" viewBox="0 0 16 16">
        <path d="M4 2h8M4 14h8M4.75 2v2.2c0 2 3.25 2.6 3.25 3.8s-3.25 1.8-3.25 3.8V14M11.25 2v2.2C11.25 6.2 8 6.8 8 8s3.25 1.8 3.25 3.8V14" />
      </symbol>
      <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse">
        <path className="hatch-line" d="M-1 1l2-2M0 4l4-4M3 5l2-2" />
      </pattern>
      <pattern id="hatch-stale" width="4" height="4" patternUnits="userSpaceOnUse">
        <path className="hatch-line stale" d="M-1 1l2-2M0 4l4-4M3 5l2-2" />
      </pattern>
    </defs>
  </svg>
);
