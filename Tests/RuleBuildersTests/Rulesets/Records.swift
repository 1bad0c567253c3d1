import DataFields
import RuleBuilders

// The types of a service that profiles enterprises: its own, `Codable` and `Sendable`.

/// An amount of money in a currency's minor unit.
struct Money: Codable, Sendable, Hashable {
  var minorUnits: Int
}

extension Money: DecimalFieldValue {
  var decimalText: String {
    let cents = minorUnits.magnitude % 100
    let sign = minorUnits < 0 ? "-" : ""
    return "\(sign)\(minorUnits.magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
  }
}

/// A day as the service's protocols write it.
struct Day: Codable, Sendable, Hashable {
  var days: Int32
}

extension Day: DateFieldValue {
  var calendarDate: CalendarDate { CalendarDate(daysSinceEpoch: days) }
}

struct Enterprise: Codable, Sendable {
  var id: String
  var employees: Int?
}

struct Invoice: Codable, Sendable {
  var party: String
  var currency: String
  var payable: Money
  var issued: Day
}

struct Customer: Codable, Sendable {
  var id: String
  var opened: Day?
}

struct Transfer: Codable, Sendable {
  var party: String
  var amount: Money
  var at: Day
}
