/// A first-in, first-out queue. Appending and removing take amortised constant time.
struct Queue<Element> {
  private var elements: [Element?] = []
  private var head = 0

  var count: Int { elements.count - head }

  mutating func append(_ element: Element) { elements.append(element) }

  /// The newest element that passes the test. Takes linear time.
  func last(where test: (Element) -> Bool) -> Element? {
    elements[head...].reversed().lazy.compactMap(\.self).first(where: test)
  }

  mutating func removeLast() -> Element? { count > 0 ? elements.removeLast() : nil }

  mutating func popFirst() -> Element? {
    guard head < elements.count else { return nil }
    let element = elements[head]
    elements[head] = nil
    head += 1
    if head > 64, head * 2 > elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }
}
