import DataFields
import DecisionTrace
import RationaleTestSupport
import Testing

@testable import PopulationViews

/// Counts near a cut point, against the definition in exact fractions.
@Suite struct CutPointDensityTests {
  private static let bands = ["1%", "5%", "10%", "33.3333%", "99.9999%"].compactMap {
    Nearness(parsing: $0)
  }

  private static func number(_ quotient: Quotient) -> Trace.Content {
    .number(quotient, scale: 2, digits: 2, unit: .none)
  }

  private static func millionths(_ nearness: Nearness) -> Int128 {
    if case .share(let millionths) = nearness { millionths } else { 0 }
  }

  @Test func `exact numbers are near by the definition`() throws {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<200 {
      let cut = Int128(Int.random(in: -500...500, using: &random))
      var density = CutPointDensity(
        name: "r.M", value: Self.number(Quotient(cut)), belongsBelow: false, nearness: Self.bands)
      var expected = Array(repeating: (below: 0, above: 0), count: Self.bands.count)
      var sides = (below: 0, on: 0, above: 0)
      for _ in 0..<50 {
        let over = Int128(Int.random(in: 1...400, using: &random))
        let share = Int128(Int.random(in: 0...2_000_000, using: &random))
        // Many lie on the edge of a band: cut x share / 10^6 has the share of one at times.
        let edges = Self.bands.flatMap {
          [1_000_000 - Self.millionths($0), 1_000_000 + Self.millionths($0)]
        }
        let top =
          Bool.random(using: &random) ? share : edges[Int.random(in: edges.indices, using: &random)]
        let value = try #require(Quotient(cut * top * over, over: 1_000_000 * over))
        density.add(Self.number(value))
        // |v - c| <= |c| m / 10^6, with v = c t / 10^6
        let isAbove = value > Quotient(cut)
        if value == Quotient(cut) {
          sides.on += 1
          continue
        }
        if isAbove { sides.above += 1 } else { sides.below += 1 }
        for (place, near) in Self.bands.enumerated()
        where (top - 1_000_000).magnitude <= Self.millionths(near).magnitude {
          if isAbove { expected[place].above += 1 } else { expected[place].below += 1 }
        }
      }
      #expect((density.below, density.on, density.above) == (sides.below, sides.on, sides.above))
      // A share of 0 means nothing.
      guard cut != 0 else {
        #expect(density.bands.isEmpty)
        continue
      }
      for (place, band) in density.bands.enumerated() {
        #expect(band.below == expected[place].below && band.above == expected[place].above)
      }
    }
  }

  @Test func `doubles are compared as the binary fractions that they are`() {
    var density = CutPointDensity(
      name: "p.High", value: .double(0.5), belongsBelow: false,
      nearness: [.share(millionths: 50_000)])
    // The nearest double to 0.475 lies a little below it, outside of 5 %; the next one inside.
    density.add(.double(0.475))
    #expect(density.bands[0].below == 0)
    density.add(.double(0.475.nextUp))
    #expect(density.bands[0].below == 1)
    // That of 0.525 lies a little above it.
    density.add(.double(0.525))
    density.add(.double(0.525.nextDown))
    #expect(density.bands[0].above == 1)
    density.add(.double(0.5))
    density.add(.double(.nan))
    density.add(.double(.infinity))
    density.add(.double(-0.5))
    #expect((density.below, density.on, density.above) == (3, 1, 3))
    #expect(density.bands[0].below == 1 && density.bands[0].above == 1)
  }

  @Test func `distances of doubles by the definition, for fractions that fit whole numbers`() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<20_000 {
      let shift = Int.random(in: -40...40, using: &random)
      let a = Int128(Int.random(in: -4096...4096, using: &random))
      let b = Int128(Int.random(in: -4096...4096, using: &random))
      let wide = Int.random(in: 0...3, using: &random) * 11
      let millionths = Int128(Int.random(in: 1...999_999, using: &random))
      let x = Double(sign: .plus, exponent: shift, significand: Double(a))
      let cut = Double(sign: .plus, exponent: shift + wide, significand: Double(b))
      let wideB = b << Int128(wide)
      let distance = a < wideB ? wideB - a : a - wideB
      let isWithin = wideB != 0 && distance * 1_000_000 <= (wideB < 0 ? -wideB : wideB) * millionths
      #expect(BinaryDistance.isWithin(x, of: cut, millionths: millionths) == isWithin)
    }
    let least = Double.leastNonzeroMagnitude
    #expect(BinaryDistance.isWithin(least * 10, of: least * 11, millionths: 100_000))
    #expect(!BinaryDistance.isWithin(least * 10, of: least * 11, millionths: 90_000))
    let largest = Double.greatestFiniteMagnitude
    #expect(BinaryDistance.isWithin(largest.nextDown, of: largest, millionths: 1))
  }

  @Test func `dates are near by days`() throws {
    var density = CutPointDensity(
      name: "life.Old", value: .date(CalendarDate(daysSinceEpoch: 100)), belongsBelow: false,
      nearness: Nearness.standard)
    #expect(density.bands.map(\.nearness.description) == ["7d", "30d", "90d"])
    for day in [100, 93, 92, 107, 108, 130, 131, 0, 10] {
      density.add(.date(CalendarDate(daysSinceEpoch: Int32(day))))
    }
    #expect((density.below, density.on, density.above) == (4, 1, 4))
    #expect(density.bands.map(\.below) == [1, 2, 3])
    #expect(density.bands.map(\.above) == [1, 3, 4])
  }
}
