// The dashboard's entry: renders it into the page.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <h1>Warmpool</h1>
    </StrictMode>,
  );
