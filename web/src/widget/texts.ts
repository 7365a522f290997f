const en = {
  open: "Open chat",
  title: "Chat with us",
  minimise: "Minimise chat",
  end: "End chat",
  restart: "Start a new chat",
  start: "Start chat",
  starting: "Starting the chat…",
  startFailed: "The chat could not be started. {reason}",
  retry: "Try again",
  reconnecting: "Connection lost. Reconnecting…",
  ended: "The chat has ended.",
  placeholder: "Type a message",
  send: "Send",
  attach: "Attach a file",
  attachFailed: "{name} could not be sent. {reason}",
  download: "Download {name}",
  typing: "{name} is typing…",
  someone: "Agent",
  you: "You",
  system: "System",
  joined: "{name} has joined the chat.",
  left: "{name} has left the chat.",
  transferred: "The chat was transferred.",
  idle: "{name} has become idle.",
  returned: "{name} is back.",
  autoDisconnected: "{name} was disconnected because of inactivity.",
  delivered: "Delivered",
  read: "Read",
  sending: "Sending…",
  failed: "Not sent. Choose to try again.",
  unread: "{count} unread messages",
  waiting: "You are connected. Someone will be with you shortly.",
  messages: "Messages",
};

const ja: typeof en = {
  open: "チャットを開く",
  title: "チャットでお問い合わせ",
  minimise: "チャットを最小化",
  end: "チャットを終了",
  restart: "新しいチャットを始める",
  start: "チャットを始める",
  starting: "チャットを開始しています…",
  startFailed: "チャットを開始できませんでした。{reason}",
  retry: "もう一度試す",
  reconnecting: "接続が切れました。再接続しています…",
  ended: "チャットは終了しました。",
  placeholder: "メッセージを入力",
  send: "送信",
  attach: "ファイルを添付",
  attachFailed: "{name} を送信できませんでした。{reason}",
  download: "{name} をダウンロード",
  typing: "{name} が入力中…",
  someone: "担当者",
  you: "あなた",
  system: "システム",
  joined: "{name} がチャットに参加しました。",
  left: "{name} がチャットから退出しました。",
  transferred: "チャットが転送されました。",
  idle: "{name} からの応答がありません。",
  returned: "{name} が戻りました。",
  autoDisconnected: "{name} は応答がないため切断されました。",
  delivered: "配信済み",
  read: "既読",
  sending: "送信中…",
  failed: "送信できませんでした。選択すると再送します。",
  unread: "未読メッセージ {count} 件",
  waiting: "接続しました。まもなく担当者が応答します。",
  messages: "メッセージ",
};

export type WidgetTexts = typeof en;
export type WidgetLanguage = "en" | "ja";
export const texts: Record<WidgetLanguage, WidgetTexts> = { en, ja };

export function browserLanguage(): WidgetLanguage {
  return navigator.language.toLowerCase().startsWith("ja") ? "ja" : "en";
}

export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
