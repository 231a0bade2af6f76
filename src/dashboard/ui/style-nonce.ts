// The nonce that the server's Content-Security-Policy allows styles with. Vite writes it into the page.
export const STYLE_NONCE = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';

// The library that keeps the page behind a dialog from scrolling takes it from the name that bundlers give it.
Object.assign(globalThis, { __webpack_nonce__: STYLE_NONCE });
