/// Files of the project itself, wherever the tests are run from.
package enum ProjectFiles {
  /// The absolute path of a file, from the package's folder.
  package static func path(_ relative: String) -> String {
    let here = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return here.dropLast(3).joined(separator: "/") + "/" + relative
  }
}
