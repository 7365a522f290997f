/** What the browser measures of a call since the last look. */
export interface MediaFigures {
  /** Seconds there and back. */
  roundTrip?: number;
  /** Seconds. */
  jitter?: number;
  received: number;
  lost: number;
  /** Seconds packets wait in the jitter buffer. */
  bufferDelay?: number;
}

export type Verdict = "good" | "fair" | "poor" | "silent";

export interface CallQuality {
  verdict: Verdict;
  /** 1 (bad) to 4.5: listening quality as the E-model of ITU-T G.107 estimates it for G.711. */
  score: number;
  figures: MediaFigures;
  /** 0 to 1. */
  lossShare: number;
}

/** Judges one interval of a call. */
export function judge(figures: MediaFigures): CallQuality {
  const total = figures.received + figures.lost;
  const lossShare = total > 0 ? Math.max(0, figures.lost) / total : 0;
  const score = figures.received > 0 ? meanOpinion(figures, lossShare) : 1;
  const verdict: Verdict = figures.received <= 0 ? "silent" : score >= 3.8 ? "good" : score >= 3.1 ? "fair" : "poor";
  return { verdict, score, figures, lossShare };
}

function meanOpinion(figures: MediaFigures, lossShare: number): number {
  const jitterMs = (figures.jitter ?? 0) * 1000;
  const oneWayMs = ((figures.roundTrip ?? 0) / 2 + (figures.bufferDelay ?? 0)) * 1000 + 2 * jitterMs + 20;
  const delay = 0.024 * oneWayMs + (oneWayMs > 177.3 ? 0.11 * (oneWayMs - 177.3) : 0);
  // Packet loss with concealment of G.711 (G.113 Appendix I: Ie 0, Bpl 25.1).
  const loss = (95 * lossShare * 100) / (lossShare * 100 + 25.1);
  const rating = Math.max(0, Math.min(100, 93.2 - delay - loss));
  return 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6;
}

/** Figures of the interval between two looks at counters that only grow. */
export function between(earlier: MediaFigures | null, later: MediaFigures): MediaFigures {
  if (!earlier || later.received < earlier.received) return later;
  return { ...later, received: later.received - earlier.received, lost: Math.max(0, later.lost - earlier.lost) };
}
