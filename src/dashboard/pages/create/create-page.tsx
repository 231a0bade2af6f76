export const CreatePage = () => (
  <main className="page">
    <div className="head">
      <h1>create</h1>
    </div>
  </main>
);
