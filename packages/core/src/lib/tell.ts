/** Tells the application of something that goes on behind its calls. What the listener throws stops nothing here. */
export function tell<T>(listener: ((about: T) => void) | undefined, about: T): void {
  try {
    listener?.(about);
  } catch {
    // Nobody waits who could be given it.
  }
}
