import Decisions
import EventIngest
import FileIO
import RationaleTestSupport
import Testing

/// Runs that keep nothing.
@Suite struct RehearsalTests {
  private static let sales = """
    shop,currency,amount,sold
    a,HUF,500.00,2021-01-04
    b,EUR,10.00,2021-01-05
    a,HUF,900.00,2021-01-06
    x,HUF,1.00,2021-01-06
    c,HUF,100.00,2021-01-07
    a,XXX,1.00,2021-01-08

    """

  @Test func `a rehearsal makes the traces of a run with a log, and leaves nothing behind`() throws
  {
    let shop = try ShopFixture()
    let kept = try shop.run(Self.sales)
    let before = try Directory.names(in: shop.directory.path).sorted()
    var options = shop.options()
    options.log = nil
    options.output = nil
    options.inputs.append(.init(source: "sales", path: shop.directory.file("sales.csv")))
    let run = try IngestRun(library: shop.library, options: options)
    var bodies: [[UInt8]] = []
    run.onDecision = { bodies.append($0.traceBody) }
    let summary = try run.run()
    #expect(bodies == (try shop.bodies()))
    #expect(bodies.count == 4)
    #expect(summary.counts == kept.counts)
    #expect(summary.counts.deadLetters == 1)
    #expect(run.deadLetterPath == nil)
    #expect(try Directory.names(in: shop.directory.path).sorted() == before)
  }
}
