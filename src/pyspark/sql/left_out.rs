//! What `pyspark.sql.functions` has and Kindling hasn't, why, and what to use instead. Calling such a function says so.

/// A family of functions that are left out.
pub(crate) struct LeftOut {
    pub names: &'static [&'static str],
    pub why: &'static str,
    pub instead: &'static str,
}

pub(crate) const LEFT_OUT: &[LeftOut] = &[
    LeftOut {
        names: &["st_asbinary", "st_geogfromwkb", "st_geomfromwkb", "st_setsrid", "st_srid"],
        why: "there are no GEOMETRY and GEOGRAPHY types here",
        instead: "columns of coordinates hold points.",
    },
    LeftOut {
        names: &["java_method", "reflect", "try_reflect"],
        why: "there is no JVM here",
        instead: "the functions of pyspark.sql.functions do without one.",
    },
    LeftOut {
        names: &["years", "months", "days", "hours", "bucket"],
        why: "saved tables are partitioned by columns here, not by what is made of them",
        instead: "year(), month(), day() and hour() give the parts of a time.",
    },
    LeftOut {
        names: &["timestamp_nanos", "unix_nanos"],
        why: "times have microseconds here",
        instead: "timestamp_micros() and unix_micros() count those.",
    },
    LeftOut { names: &["arrow_udtf", "arrow_udf"], why: "there is no pyarrow here", instead: "write it with the functions of F." },
];
