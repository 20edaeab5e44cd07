import { applyTheme } from './ui/theme.ts';
import { startRouter } from './router.ts';
import './app.ts';

applyTheme();
startRouter();
