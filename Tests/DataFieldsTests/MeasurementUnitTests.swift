import DataFields
import Testing

@Suite struct MeasurementUnitTests {
  private let forint = MeasurementUnit("HUF", minorDigits: 2)
  private let person = MeasurementUnit("person")

  @Test func `units multiply, divide and cancel`() {
    let perHead = forint.divided(by: person)
    #expect(perHead.description == "HUF/person")
    #expect(perHead.multiplied(by: person) == forint)
    #expect(forint.divided(by: forint).isNone)
    #expect(MeasurementUnit.none.divided(by: person).description == "1/person")
    #expect(person.multiplied(by: person).description == "person^2")
  }

  @Test func `a quotient of money prints the currency's minor digits, any other two more`() {
    #expect(ValueType.quotient(scale: 2, forint.divided(by: person)).printedDigits == 2)
    #expect(ValueType.quotient(scale: 0, forint).printedDigits == 2)
    #expect(ValueType.quotient(scale: 1, person).printedDigits == 3)
    #expect(ValueType.decimal(scale: 4, forint).printedDigits == 4)
  }
}
