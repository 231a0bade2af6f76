export const OverviewPage = () => (
  <main className="page">
    <div className="head">
      <h1>overview</h1>
    </div>
  </main>
);
