/** 主菜单、通知与留言。 */
export const noticesZh = {
  'menu.all': '菜单',
  'menu.pages_of': '{group}页面',
  'menu.daily': '日常',
  'menu.work': '工作',
  'menu.centre': '中心',
  'menu.system': '系统',
} as const;
