// Owns the three lines that bring a run's outcomes into pandas.

/** Over the file that `counterthought show RUN --outcomes` prints and a report's folder holds. */
export const pandasSnippet = (run: string): string =>
  [
    `import pandas as pd  # counterthought show ${run} --outcomes > outcomes.jsonl`,
    'df = pd.read_json("outcomes.jsonl", lines=True).dropna(subset=["outcome"])  # unreadable answers left out, as in the kept rate',
    'df.assign(kept=df.outcome == df.recorded).groupby("condition", sort=False).kept.agg(["mean", "sum", "count"])',
  ].join('\n');
