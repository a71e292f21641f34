/// The version of the whole: of the program and of the API that it answers.
package enum Version {
  package static let text = "0.1.0"
}
