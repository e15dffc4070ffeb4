//! The English names of the calendar.

pub(super) const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

pub(super) const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The day of the week of a day since 1970-01-01, Monday being 0.
pub(super) fn weekday(days: i32) -> usize {
    (i64::from(days) + 3).rem_euclid(7) as usize
}

/// The first three letters: `Jan`, `Mon`.
pub(super) fn short(name: &str) -> &str {
    &name[..3]
}
