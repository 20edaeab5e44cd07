/** 阅片台：窗格、同步、重建、挂片。 */
export const stageZh = {
  'viewer.tool.magnify': '放大镜（按住拖动）',
  'viewer.upend': '垂直翻转',
  'stage.layouts': '布局',
  'stage.layout': '{rows} 行 {columns} 列',
  'stage.enlarge': '放大当前窗格（双击）',
  'stage.empty': '将序列拖到此处',
  'stage.current': '本次',
  'stage.prior': '既往',
  'stage.keys.cell': '下一窗格 / 上一窗格',
} as const;
