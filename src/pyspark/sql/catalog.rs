//! `spark.catalog`: temporary views and saved tables in the one database there is.

use kindling_frame::Session;
use kindling_python::{ClassBuilder, NativeObject, PyError, PyResult, Value, Vm};

use super::row::RowObject;
use crate::args;
use crate::errors::{OrRaise, spark_error};

struct Catalog(Session);

impl NativeObject for Catalog {
    fn class_name(&self) -> &str {
        "Catalog"
    }
}

fn of(value: &Value) -> PyResult<&Session> {
    value.as_native::<Catalog>().map(|object| &object.0).ok_or_else(|| PyError::type_error("not a Catalog"))
}

pub(super) fn catalog_value(session: &Session) -> Value {
    Value::native(Catalog(session.clone()))
}

/// The last part of `spark_catalog.default.people`.
fn table_name(vm: &mut Vm, value: &Value) -> PyResult<String> {
    let name = args::text(vm, value, "tableName")?;
    Ok(name.rsplit('.').next().unwrap_or_default().trim_matches('`').to_owned())
}

fn table_row(name: &str, saved: bool) -> Value {
    let fields = ["name", "catalog", "namespace", "description", "tableType", "isTemporary"];
    let cells = if saved {
        let namespace = Value::list([Value::str("default")]);
        vec![Value::str(name), Value::str("spark_catalog"), namespace, Value::None, Value::str("MANAGED"), Value::Bool(false)]
    } else {
        vec![Value::str(name), Value::None, Value::list([]), Value::None, Value::str("TEMPORARY"), Value::Bool(true)]
    };
    Value::native(RowObject::of_class("Table", &fields, cells))
}

fn database_row() -> Value {
    let fields = ["name", "catalog", "description", "locationUri"];
    let cells = vec![Value::str("default"), Value::str("spark_catalog"), Value::str("default database"), Value::str("/files")];
    Value::native(RowObject::of_class("Database", &fields, cells))
}

fn fits(vm: &mut Vm, pattern: &Value, name: &str) -> PyResult<bool> {
    let pattern = args::optional_text(vm, pattern, "pattern")?;
    Ok(pattern.is_none_or(|p| kindling_frame::sql::fits(&p, name)))
}

/// Makes the class.
pub(super) fn install(vm: &mut Vm) {
    let class = ClassBuilder::new("Catalog", "pyspark.sql")
        .doc("Catalog: temporary views and saved tables.")
        .method("tableExists(self, tableName, dbName=None)", "Whether there is a view of this name.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            Ok(Value::Bool(of(&values[0])?.table(&name).is_ok()))
        })
        .method("dropTempView(self, viewName)", "Forgets a view; says whether there was one.", |vm, values| {
            let name = args::text(vm, &values[1], "viewName")?;
            Ok(Value::Bool(of(&values[0])?.drop_view(&name)))
        })
        .method("dropTable(self, tableName, ifExists=False, purge=False)", "Removes a saved table and its files.", |vm, values| {
            let name = args::text(vm, &values[1], "tableName")?;
            if !of(&values[0])?.drop_table(&name).or_raise()? && !vm.truth(&values[2])? {
                let text = format!("The table or view `{name}` cannot be found. Verify the spelling, or drop it with ifExists=True.");
                return Err(spark_error("AnalysisException", "TABLE_OR_VIEW_NOT_FOUND", text));
            }
            Ok(Value::None)
        })
        .method("listTables(self, dbName=None, pattern=None)", "The saved tables and the views.", |vm, values| {
            let session = of(&values[0])?;
            let mut rows = Vec::new();
            for (names, saved) in [(session.saved_tables(), true), (session.views(), false)] {
                for name in names {
                    if fits(vm, &values[2], &name)? {
                        rows.push(table_row(&name, saved));
                    }
                }
            }
            Ok(Value::list(rows))
        })
        .method("getTable(self, tableName)", "What is known of a view.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            let session = of(&values[0])?;
            session.table(&name).or_raise()?;
            Ok(table_row(&name, !session.views().contains(&name.to_lowercase())))
        })
        .method("listColumns(self, tableName, dbName=None)", "The columns of a view.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            let frame = of(&values[0])?.table(&name).or_raise()?;
            let fields = ["name", "description", "dataType", "nullable", "isPartition", "isBucket", "isCluster"];
            let rows = frame.schema().iter().map(|f| {
                let no = || Value::Bool(false);
                let cells =
                    vec![Value::str(&*f.name), Value::None, Value::str(f.data_type.to_string()), Value::Bool(f.nullable), no(), no(), no()];
                Value::native(RowObject::of_class("Column", &fields, cells))
            });
            Ok(Value::list(rows.collect::<Vec<_>>()))
        })
        .method("currentDatabase(self)", "Always \"default\".", |_, _| Ok(Value::str("default")))
        .method("currentCatalog(self)", "Always \"spark_catalog\".", |_, _| Ok(Value::str("spark_catalog")))
        .method("setCurrentDatabase(self, dbName)", "Takes \"default\" alone.", |vm, values| {
            only(vm, &values[1], "default", "SCHEMA_NOT_FOUND")
        })
        .method("setCurrentCatalog(self, catalogName)", "Takes \"spark_catalog\" alone.", |vm, values| {
            only(vm, &values[1], "spark_catalog", "CATALOG_NOT_FOUND")
        })
        .method("databaseExists(self, dbName)", "Whether it is \"default\".", |vm, values| {
            Ok(Value::Bool(args::text(vm, &values[1], "dbName")?.trim_start_matches("spark_catalog.").eq_ignore_ascii_case("default")))
        })
        .method("listDatabases(self, pattern=None)", "The one database.", |vm, values| {
            Ok(Value::list(if fits(vm, &values[1], "default")? { vec![database_row()] } else { Vec::new() }))
        })
        .method("getDatabase(self, dbName)", "The one database.", |vm, values| {
            let name = args::text(vm, &values[1], "dbName")?;
            only(vm, &Value::str(name.trim_start_matches("spark_catalog.")), "default", "SCHEMA_NOT_FOUND")?;
            Ok(database_row())
        })
        .method("listCatalogs(self, pattern=None)", "The one catalog.", |vm, values| {
            let row = RowObject::of_class("CatalogMetadata", &["name", "description"], vec![Value::str("spark_catalog"), Value::None]);
            Ok(Value::list(if fits(vm, &values[1], "spark_catalog")? { vec![Value::native(row)] } else { Vec::new() }))
        })
        .method("functionExists(self, functionName, dbName=None)", "Whether there is a function of this name.", |vm, values| {
            let name = args::text(vm, &values[1], "functionName")?;
            Ok(Value::Bool(kindling_frame::functions::lookup(&name).is_some() || kindling_frame::functions::is_registered(&name)))
        })
        .method("dropGlobalTempView(self, viewName)", "Forgets a global temporary view; whether there was one.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            Ok(Value::Bool(of(&values[0])?.drop_view(&format!("global_temp.{name}"))))
        })
        .method("listFunctions(self, dbName=None, pattern=None)", "What is known of each function.", |vm, values| {
            let fields = ["name", "catalog", "namespace", "description", "className", "isTemporary"];
            let mut rows = Vec::new();
            for function in kindling_frame::functions::all() {
                let plain = function.name.chars().all(|c| c.is_alphanumeric() || c == '_');
                if plain && fits(vm, &values[2], function.name)? {
                    let texts = [Value::str(function.name), Value::None, Value::None, Value::str(function.doc), Value::str("")];
                    let cells = texts.into_iter().chain([Value::Bool(true)]).collect();
                    rows.push(Value::native(RowObject::of_class("Function", &fields, cells)));
                }
            }
            Ok(Value::list(rows))
        })
        .method(
            "createTable(self, tableName, path=None, source=None, schema=None, description=None, **options)",
            "Saves an empty table; gives its frame.",
            |vm, values| {
                let name = args::text(vm, &values[1], "tableName")?;
                if !values[2].is_none() {
                    return Err(crate::errors::missing("tables at a path", "Read the path by spark.read."));
                }
                let format = args::optional_text(vm, &values[3], "source")?.unwrap_or_else(|| "parquet".into());
                let schema = match &values[4] {
                    Value::None => Vec::new(),
                    schema => match super::types::data_type(vm, schema, "schema")? {
                        kindling_frame::DataType::Struct(fields) => fields,
                        other => vec![kindling_frame::Field::new("value", other, true)],
                    },
                };
                let session = of(&values[0])?;
                let frame = session.create_dataframe(&[], kindling_frame::Schema::new(schema)).or_raise()?;
                frame.save_as_table(&name, &kindling_frame::Save { format, ..Default::default() }).or_raise()?;
                session.table(&name).or_raise().map(super::frame::frame_value)
            },
        )
        .method("truncateTable(self, tableName)", "Removes a table's rows.", |vm, values| {
            let name = args::text(vm, &values[1], "tableName")?;
            let session = of(&values[0])?;
            let fields = session.table(&name).or_raise()?.schema().fields().to_vec();
            let empty = session.create_dataframe(&[], kindling_frame::Schema::new(fields)).or_raise()?;
            empty.insert_into(&name, true).or_raise()?;
            Ok(Value::None)
        })
        .method("isCached(self, tableName)", "Whether the view's rows are kept in memory.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            Ok(Value::Bool(of(&values[0])?.table(&name).or_raise()?.is_cached()))
        })
        .method("cacheTable(self, tableName, storageLevel=None)", "Keeps the view's rows in memory.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            let _ = of(&values[0])?.table(&name).or_raise()?.cache();
            Ok(Value::None)
        })
        .method("uncacheTable(self, tableName)", "Forgets the view's rows.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            of(&values[0])?.table(&name).or_raise()?.unpersist();
            Ok(Value::None)
        })
        .method("clearCache(self)", "Forgets the rows of all views.", |_, values| {
            let session = of(&values[0])?;
            session.views().iter().filter_map(|name| session.table(name).ok()).for_each(|frame| frame.unpersist());
            Ok(Value::None)
        })
        .method("refreshTable(self, tableName)", "Does nothing: a view is computed anew each time.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            of(&values[0])?.table(&name).or_raise()?;
            Ok(Value::None)
        })
        .build();
    vm.register_class(&class);
}

fn only(vm: &mut Vm, value: &Value, name: &str, condition: &str) -> PyResult<Value> {
    let given = args::text(vm, value, "dbName")?;
    if given.eq_ignore_ascii_case(name) {
        return Ok(Value::None);
    }
    let text = format!("`{given}` cannot be found: there is `{name}` alone.");
    Err(spark_error("AnalysisException", condition, text))
}
