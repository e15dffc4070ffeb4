//! `SparkSession`, its builder, `spark.conf`, `spark.catalog` and `sc`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use kindling_frame::Session;
use kindling_python::{ClassBuilder, NativeObject, PyClass, PyError, PyResult, Value, Vm};

use super::frame::frame_value;
use super::reader::{ReaderObject, option_text};
use super::{create, rdd};
use crate::args;
use crate::errors::{OrRaise, missing, spark_error};

/// The Spark whose API this is.
const VERSION: &str = "4.3.0";

pub(crate) struct SessionObject(Session);

struct Builder(Session);

struct Conf(Session);

struct Context(Session);

macro_rules! object {
    ($type:ident, $name:literal, $shown:literal) => {
        impl NativeObject for $type {
            fn class_name(&self) -> &str {
                $name
            }

            fn repr(&self, _: &mut Vm) -> PyResult<String> {
                Ok(format!(concat!("<", $shown, " object at {:p}>"), std::ptr::from_ref(self)))
            }
        }

        impl $type {
            fn of(value: &Value) -> PyResult<&Session> {
                value.as_native::<$type>().map(|object| &object.0).ok_or_else(|| PyError::type_error(concat!("not a ", $name)))
            }
        }
    };
}

object!(SessionObject, "SparkSession", "pyspark.sql.session.SparkSession");
object!(Builder, "Builder", "pyspark.sql.session.SparkSession.Builder");
object!(Conf, "RuntimeConfig", "pyspark.sql.conf.RuntimeConfig");

impl NativeObject for Context {
    fn class_name(&self) -> &str {
        "SparkContext"
    }

    fn repr(&self, _: &mut Vm) -> PyResult<String> {
        let conf = |key: &str| self.0.conf(key).unwrap_or_default();
        Ok(format!("<SparkContext master={} appName={}>", conf("spark.master"), conf("spark.app.name")))
    }
}

impl Context {
    fn of(value: &Value) -> PyResult<&Session> {
        value.as_native::<Self>().map(|object| &object.0).ok_or_else(|| PyError::type_error("not a SparkContext"))
    }
}

/// `SparkConf()`: settings before there is a session to have them.
#[derive(Default)]
struct SparkConf(RefCell<BTreeMap<String, String>>);

impl NativeObject for SparkConf {
    fn class_name(&self) -> &str {
        "SparkConf"
    }

    fn repr(&self, _: &mut Vm) -> PyResult<String> {
        Ok(format!("<pyspark.conf.SparkConf object at {:p}>", std::ptr::from_ref(self)))
    }
}

fn settings(value: &Value) -> PyResult<&RefCell<BTreeMap<String, String>>> {
    value.as_native::<SparkConf>().map(|conf| &conf.0).ok_or_else(|| PyError::type_error("not a SparkConf"))
}

/// Makes `pyspark.conf`.
fn spark_conf(vm: &mut Vm) -> Rc<PyClass> {
    let set = |vm: &mut Vm, values: &[Value], key: &str, value: &Value| {
        let value = option_text(vm, value)?;
        settings(&values[0])?.borrow_mut().insert(key.to_owned(), value);
        Ok(values[0].clone())
    };
    let mut builder = ClassBuilder::new("SparkConf", "pyspark.conf")
        .doc("Settings for SparkSession.builder.config(conf=…).")
        .constructor("(loadDefaults=True, _jvm=None, _jconf=None)", |_, _, _| Ok(Value::native(SparkConf::default())));
    for (name, key) in [("setAppName", "spark.app.name"), ("setMaster", "spark.master"), ("setSparkHome", "spark.home")] {
        builder =
            builder.method(&format!("{name}(self, value)"), "Sets this setting.", move |vm, values| set(vm, &values, key, &values[1]));
    }
    let class = builder
        .method("set(self, key, value)", "Sets a setting.", move |vm, values| {
            let key = args::text(vm, &values[1], "key")?;
            set(vm, &values, &key, &values[2])
        })
        .method("setIfMissing(self, key, value)", "Sets a setting that has no value yet.", move |vm, values| {
            let key = args::text(vm, &values[1], "key")?;
            if settings(&values[0])?.borrow().contains_key(&key) { Ok(values[0].clone()) } else { set(vm, &values, &key, &values[2]) }
        })
        .method("setAll(self, pairs)", "Sets several settings.", move |vm, values| {
            for pair in vm.collect(&values[1])? {
                let pair = vm.collect(&pair)?;
                let [key, value] = pair.as_slice() else { return Err(PyError::value_error("setAll() takes pairs of key and value")) };
                let key = args::text(vm, key, "pairs")?;
                set(vm, &values, &key, value)?;
            }
            Ok(values[0].clone())
        })
        .method("get(self, key, defaultValue=None)", "The value of a setting.", |vm, values| {
            let key = args::text(vm, &values[1], "key")?;
            Ok(settings(&values[0])?.borrow().get(&key).map_or_else(|| values[2].clone(), |value| Value::str(value.as_str())))
        })
        .method("contains(self, key)", "Whether a setting has a value.", |vm, values| {
            let key = args::text(vm, &values[1], "key")?;
            Ok(Value::Bool(settings(&values[0])?.borrow().contains_key(&key)))
        })
        .method("getAll(self)", "All settings, as pairs.", |_, values| {
            let pairs = settings(&values[0])?.borrow();
            Ok(Value::list(pairs.iter().map(|(k, v)| Value::tuple([Value::str(k.as_str()), Value::str(v.as_str())])).collect::<Vec<_>>()))
        })
        .method("toDebugString(self)", "A line for each setting.", |_, values| {
            let lines: Vec<String> = settings(&values[0])?.borrow().iter().map(|(key, value)| format!("{key}={value}")).collect();
            Ok(Value::str(lines.join("\n")))
        })
        .build();
    vm.register_class(&class);
    vm.add_module(kindling_python::PyModule::new("pyspark.conf").with("SparkConf", class.clone()));
    class
}

/// `spark`
pub(crate) fn session_value(session: &Session) -> Value {
    Value::native(SessionObject(session.clone()))
}

/// The session of the notebook.
pub(super) fn current(vm: &mut Vm) -> PyResult<Session> {
    let builtins = vm.import("builtins")?;
    let spark = vm.get_attr_str(&builtins, "spark")?;
    SessionObject::of(&spark).cloned()
}

/// `sc`
pub(crate) fn context_value(session: &Session) -> Value {
    Value::native(Context(session.clone()))
}

/// Makes the classes; the session is the only one there is.
pub(crate) fn install(vm: &mut Vm, session: &Session) -> Rc<PyClass> {
    builder(vm);
    conf(vm);
    super::catalog::install(vm);
    super::asked::install(vm);
    let context = context(vm);
    let conf = spark_conf(vm);
    let one = session.clone();
    let class = ClassBuilder::new("SparkSession", "pyspark.sql.session")
        .doc("The entry to Spark: reads files, makes frames.")
        .attribute("builder", Value::native(Builder(session.clone())))
        .property("read", "DataFrameReader: reads files, as in spark.read.csv(path).", |_, spark| {
            Ok(Value::native(ReaderObject::new(SessionObject::of(spark)?.clone())))
        })
        .property("conf", "RuntimeConfig: settings.", |_, spark| Ok(Value::native(Conf(SessionObject::of(spark)?.clone()))))
        .property("catalog", "Catalog: temporary views.", |_, spark| Ok(super::catalog::catalog_value(SessionObject::of(spark)?)))
        .property("sparkContext", "SparkContext: facts of the cluster.", |_, spark| Ok(context_value(SessionObject::of(spark)?)))
        .property("version", "The Spark whose API this is.", |_, _| Ok(Value::str(VERSION)))
        .property("tvf", "TableValuedFunction: functions whose results are tables.", |_, spark| {
            Ok(super::asked::table_functions(SessionObject::of(spark)?))
        })
        .property("readStream", "Not in Kindling.", |_, _| Err(missing("streaming", "")))
        .property("udf", "UDFRegistration: Python functions by name.", |_, _| Ok(Value::native(super::udf::Registration)))
        .property("udtf", "UDTFRegistration: table functions by name.", |_, _| Ok(Value::native(super::udtf::Registration)))
        .static_method("getActiveSession()", "The session.", move |_, _| Ok(session_value(&one)))
        .method(
            "createDataFrame(self, data, schema=None, samplingRatio=None, verifySchema=True) -> DataFrame",
            "A frame of Python rows.",
            |vm, values| {
                let session = SessionObject::of(&values[0])?.clone();
                create::create(vm, &session, &values[1], &values[2]).map(frame_value)
            },
        )
        .method(
            "range(self, start, end=None, step=1, numPartitions=None) -> DataFrame",
            "A frame of one column `id` of numbers.",
            |vm, values| {
                let first = args::int(vm, &values[1], "start")?;
                let (start, end) = if values[2].is_none() { (0, first) } else { (first, args::int(vm, &values[2], "end")?) };
                let step = args::int(vm, &values[3], "step")?;
                let partitions = if values[4].is_none() { None } else { Some(args::count(vm, &values[4], "numPartitions")?) };
                SessionObject::of(&values[0])?.range(start, end, step, partitions).or_raise().map(frame_value)
            },
        )
        .method(
            "table(self, tableName) -> DataFrame",
            "The frame of a saved table, of a temporary view, or of files: csv.`/files/a.csv`.",
            |vm, values| {
                let name = args::text(vm, &values[1], "tableName")?;
                SessionObject::of(&values[0])?.relation(&name, &[]).or_raise().map(frame_value)
            },
        )
        .method(
            "sql(self, sqlQuery, args=None, **kwargs) -> DataFrame",
            "The frame of an SQL query over temporary views, with values for :name or ? in args, and frames for {name}.",
            |vm, values| {
                let session = SessionObject::of(&values[0])?.clone();
                let text = args::text(vm, &values[1], "sqlQuery")?;
                super::query::run(vm, &session, &text, &values[2], &values[3]).map(frame_value)
            },
        )
        .method("emptyDataFrame(self, schema=None) -> DataFrame", "A frame of no rows.", |vm, values| {
            let session = SessionObject::of(&values[0])?.clone();
            let fields = match &values[1] {
                Value::None => Vec::new(),
                schema => match super::types::data_type(vm, schema, "schema")? {
                    kindling_frame::DataType::Struct(fields) => fields,
                    other => vec![kindling_frame::Field::new("value", other, true)],
                },
            };
            session.create_dataframe(&[], kindling_frame::Schema::new(fields)).or_raise().map(frame_value)
        })
        .method("newSession(self)", "The same session.", |_, values| Ok(values[0].clone()))
        .method("stop(self)", "Does nothing: the session lives as long as the kernel.", |_, _| Ok(Value::None))
        .build();
    vm.register_class(&class);
    let module = kindling_python::PyModule::new("pyspark")
        .doc("Spark's API for Python.")
        .with("__version__", VERSION)
        .with("SparkContext", context)
        .with("SparkConf", conf);
    vm.add_module(module);
    vm.set_builtin("spark", session_value(session));
    vm.set_builtin("sc", context_value(session));
    class
}

fn builder(vm: &mut Vm) {
    let mut builder = ClassBuilder::new("Builder", "pyspark.sql").doc("Makes the session.");
    for name in ["appName", "master", "enableHiveSupport", "remote"] {
        builder =
            builder.method(&format!("{name}(self, name=None)"), "A setting that Kindling needs not.", |_, values| Ok(values[0].clone()));
    }
    let class = builder
        .method(
            "config(self, key=None, value=None, conf=None, *, map=None)",
            "Sets a setting, or all of a SparkConf or a dict.",
            |vm, values| {
                let session = Builder::of(&values[0])?;
                if let Some(conf) = values[3].as_native::<SparkConf>() {
                    conf.0.borrow().iter().try_for_each(|(key, value)| session.set_conf(key, value)).or_raise()?;
                }
                if let Some(key) = args::optional_text(vm, &values[1], "key")? {
                    session.set_conf(&key, &option_text(vm, &values[2])?).or_raise()?;
                }
                for (key, value) in values[4].as_dict().map(|dict| dict.items()).unwrap_or_default() {
                    session.set_conf(key.as_str().unwrap_or_default(), &option_text(vm, &value)?).or_raise()?;
                }
                Ok(values[0].clone())
            },
        )
        .method("getOrCreate(self)", "The session.", |_, values| Ok(session_value(Builder::of(&values[0])?)))
        .method("create(self)", "The session.", |_, values| Ok(session_value(Builder::of(&values[0])?)))
        .build();
    vm.register_class(&class);
}

fn conf(vm: &mut Vm) {
    let class = ClassBuilder::new("RuntimeConfig", "pyspark.sql")
        .doc("Settings: spark.conf.get(key), spark.conf.set(key, value).")
        .method("get(self, key, default='<no value>')", "The value of a setting.", |vm, values| {
            let key = args::text(vm, &values[1], "key")?;
            let conf = Conf::of(&values[0])?;
            let plain = values[2].as_str() == Some("<no value>");
            // A default that is given comes before Spark's own.
            if let Some(value) = if plain { conf.conf(&key) } else { conf.conf_given(&key) } {
                return Ok(Value::str(value));
            }
            if values[2].as_str() == Some("<no value>") {
                return Err(spark_error(
                    "SparkNoSuchElementException",
                    "SQL_CONF_NOT_FOUND",
                    format!("The SQL config \"{key}\" cannot be found."),
                ));
            }
            Ok(values[2].clone())
        })
        .method("set(self, key, value)", "Sets a setting.", |vm, values| {
            let (key, value) = (args::text(vm, &values[1], "key")?, option_text(vm, &values[2])?);
            Conf::of(&values[0])?.set_conf(&key, &value).or_raise()?;
            Ok(Value::None)
        })
        .method("unset(self, key)", "Sets a setting back.", |vm, values| {
            let key = args::text(vm, &values[1], "key")?;
            Conf::of(&values[0])?.unset_conf(&key);
            Ok(Value::None)
        })
        .method("isModifiable(self, key)", "Whether a setting can be set.", |_, _| Ok(Value::Bool(true)))
        .build();
    vm.register_class(&class);
}

fn context(vm: &mut Vm) -> Rc<PyClass> {
    let class = ClassBuilder::new("SparkContext", "pyspark")
        .doc("Facts of the cluster, which is this browser.")
        .property("defaultParallelism", "In how many partitions frames are made.", |_, sc| {
            Ok(Value::from(Context::of(sc)?.default_parallelism()))
        })
        .property("defaultMinPartitions", "The least number of partitions of a file.", |_, _| Ok(Value::Int(2)))
        .property("version", "The Spark whose API this is.", |_, _| Ok(Value::str(VERSION)))
        .property("appName", "The name of the application.", |_, sc| {
            Ok(Context::of(sc)?.conf("spark.app.name").map_or(Value::None, Value::str))
        })
        .property("master", "Where Spark runs.", |_, sc| Ok(Context::of(sc)?.conf("spark.master").map_or(Value::None, Value::str)))
        .property("applicationId", "A name for this run.", |_, _| Ok(Value::str("local-kindling")))
        .static_method("getOrCreate(conf=None)", "The context: use spark.sparkContext.", |vm, _| {
            let spark = vm.import("builtins")?;
            vm.get_attr_str(&spark, "sc")
        })
        .method("setLogLevel(self, logLevel)", "Does nothing.", |_, _| Ok(Value::None))
        .method("stop(self)", "Does nothing.", |_, _| Ok(Value::None))
        .method("parallelize(self, c, numSlices=None)", "A list in partitions, for toDF().", |vm, values| {
            let session = Context::of(&values[0])?.clone();
            rdd::parallelize(vm, &session, &values[1], &values[2])
        })
        .method("textFile(self, name, minPartitions=None)", "Not in Kindling.", |_, _| Err(missing("RDDs", "Use spark.read.csv().")))
        .method("broadcast(self, value)", "Not in Kindling.", |_, _| Err(missing("broadcast variables", "Use the value itself.")))
        .build();
    vm.register_class(&class);
    class
}
