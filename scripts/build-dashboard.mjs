// `npm run build:dashboard`. With --if-possible, which `npm start` uses, a failed build is reported and the server starts without a dashboard.
import { buildDashboard } from './dashboard/build.mjs';

try {
  await buildDashboard();
} catch (error) {
  console.error(`The dashboard cannot be built: ${error.message}`);
  if (process.argv.includes('--if-possible')) console.error('The server starts without it.');
  else process.exitCode = 1;
}
