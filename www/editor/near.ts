/** How far from the screen an element counts as near it. */
const MARGIN = '800px 0px';

/** Attaches to an element and calls once when it comes near the screen. */
export function whenNear(come: () => void): (element: Element) => () => void {
  return (element) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        come();
      },
      { rootMargin: MARGIN },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
