type PoolPageProps = { readonly name: string; readonly tab: string | undefined };

export const PoolPage = ({ name, tab }: PoolPageProps) => (
  <main className="page pool">
    <h1>
      {name} {tab}
    </h1>
  </main>
);
