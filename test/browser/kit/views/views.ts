// Every page, tab and dialog of the dashboard.
import { CREATE_VIEWS } from './create-views.ts';
import { LIST_VIEWS } from './list-views.ts';
import { OVERVIEW_VIEWS } from './overview-views.ts';
import { POOL_VIEWS } from './pool-views.ts';
import type { View } from './view.ts';
import { YAML_VIEWS } from './yaml-views.ts';

export const VIEWS: readonly View[] = [...OVERVIEW_VIEWS, ...CREATE_VIEWS, ...POOL_VIEWS, ...LIST_VIEWS, ...YAML_VIEWS];
