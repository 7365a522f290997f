const en = {
  title: "Test chat",
  beside: "Show the workspace beside",
  siteTitle: "How can we help?",
  siteText: "This page stands in for your own web site. Use the buttons in the corner to chat with or call the contact centre as a customer would.",
  settings: "Test settings",
  flow: "Flow",
  name: "Customer name",
  attributes: "Contact attributes",
  attributesHelp: 'Pairs of quoted keys and values, for example "tier": "gold".',
  apply: "Apply",
  applied: "Applied. The next chat uses these settings.",
  badAttributes: 'Keys and values must both be quoted, with commas between the pairs: "tier": "gold", "city": "Kyoto".',
  signIn: "Sign in as a person who may test chats, then load this page again.",
  noFlows: "No flow is published yet.",
};
const ja: typeof en = {
  title: "テストチャット",
  beside: "ワークスペースを横に表示",
  siteTitle: "ご用件をお聞かせください",
  siteText: "このページはお客様のウェブサイトの代わりです。隅のボタンから、お客様としてコンタクトセンターとチャットや通話ができます。",
  settings: "テスト設定",
  flow: "フロー",
  name: "お客様の名前",
  attributes: "コンタクト属性",
  attributesHelp: '引用符で囲んだキーと値の組です。例: "tier": "gold"',
  apply: "適用",
  applied: "適用しました。次のチャットから有効です。",
  badAttributes: 'キーと値はどちらも引用符で囲み、組はコンマで区切ってください: "tier": "gold", "city": "Kyoto"',
  signIn: "チャットをテストできる利用者でサインインし、このページを再読み込みしてください。",
  noFlows: "公開されたフローがまだありません。",
};
export type TestChatTexts = typeof en;
export const texts = { en, ja };
