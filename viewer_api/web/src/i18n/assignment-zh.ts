/** 下一例：为什么是这一例，以及不能从列表中选取时该先读哪一例。 */
export const assignmentZh = {
  'error.more_urgent_first': '此例不能从列表中选取：另有一例应先阅读。',
  'assign.take_instead': '打开应先阅读的病例',
  'assign.why': '为什么是这一例',
  'assign.why.reader': '{name}，{at}',
} as const;
