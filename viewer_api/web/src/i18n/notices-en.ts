/** The main menu, notices, and notes. */
export const noticesEn = {
  'menu.all': 'Menu',
  'menu.pages_of': 'Pages: {group}',
  'menu.daily': 'Daily',
  'menu.work': 'Work',
  'menu.centre': 'Centre',
  'menu.system': 'System',
} as const;
