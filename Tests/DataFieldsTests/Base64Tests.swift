import DataFields
import Testing

@Suite struct Base64Tests {
  @Test func `the published vectors`() {
    let vectors = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=",
      "foobar": "Zm9vYmFy",
    ]
    for (plain, coded) in vectors {
      #expect(Base64.encode(Array(plain.utf8)) == coded)
      #expect(Base64.decode(coded) == Array(plain.utf8))
    }
  }

  @Test func `bytes have one spelling`() {
    let all = Array(UInt8.min...UInt8.max)
    #expect(Base64.decode(Base64.encode(all)) == all)
    for text in [
      "Zg", "Zg=", "Zg===", "Z===", "====", "Zh==", "Zm9=", "Zg==Zg==", "Z!==", "Zm9v\n", "-_-_",
    ] {
      #expect(Base64.decode(text) == nil, "\(text)")
    }
  }
}
