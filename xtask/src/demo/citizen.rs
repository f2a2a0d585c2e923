//! What a person at the demo needs to know.

use super::parts::Parts;

/// Says where the portal is and who can log in.
pub fn introduce(parts: &Parts) {
    println!("The portal is open at {}", parts.portal_address);
    println!("Log in with 'LuxTrust' or 'eID' and choose a citizen. All of them are invented:");
    println!("  Marie Weber    one private and two professional eSpaces");
    println!("  Paul Schmit    one eSpace");
    println!("Open a procedure, choose 'Attach', then 'My mobile app' and 'Generate'.");
    println!("In the app's tester's panel, choose a screenshot of the code, or type the code instead.");
    println!("Close the app's window to end the demo.");
}
