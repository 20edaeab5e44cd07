import { applyTheme } from './ui/theme.ts';
import { startRouter } from './router.ts';
import { keepShell } from './shell.ts';
import './app.ts';

applyTheme();
startRouter();
keepShell();
