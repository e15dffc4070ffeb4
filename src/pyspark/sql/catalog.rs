//! `spark.catalog`: databases, saved tables and views, and temporary views.

use kindling_frame::{DEFAULT_DATABASE, Saved, Session};
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

/// `people`, or with its database `sales.people`.
fn table_name(vm: &mut Vm, value: &Value) -> PyResult<String> {
    args::text(vm, value, "tableName")
}

/// The name with the database that is given by itself.
fn name_in(vm: &mut Vm, name: &Value, database: &Value) -> PyResult<String> {
    let name = table_name(vm, name)?;
    Ok(match args::optional_text(vm, database, "dbName")? {
        Some(database) => format!("{database}.{name}"),
        None => name,
    })
}

/// The database that is named, or the current one.
fn database(vm: &mut Vm, session: &Session, value: &Value) -> PyResult<String> {
    let Some(name) = args::optional_text(vm, value, "dbName")? else { return Ok(session.current_database()) };
    let name = name.to_lowercase().replace('`', "");
    let name = name.strip_prefix("spark_catalog.").unwrap_or(&name).to_owned();
    if session.has_database(&name) { Ok(name) } else { Err(no_database(session, &name)) }
}

fn no_database(session: &Session, name: &str) -> PyError {
    let text = format!("The schema `spark_catalog`.`{name}` cannot be found. There are: {}.", session.databases().join(", "));
    spark_error("AnalysisException", "SCHEMA_NOT_FOUND", text)
}

fn not_found(name: &str) -> PyError {
    let text = format!("The table or view `{name}` cannot be found. Verify the spelling, or drop it with ifExists=True.");
    spark_error("AnalysisException", "TABLE_OR_VIEW_NOT_FOUND", text)
}

fn table_row(session: &Session, name: &str, saved: Option<(&str, Saved)>) -> Value {
    let fields = ["name", "catalog", "namespace", "description", "tableType", "isTemporary"];
    let cells = if let Some((database, saved)) = saved {
        let namespace = Value::list([Value::str(database)]);
        let comment = session.table_comment(&format!("{database}.{name}")).map_or(Value::None, Value::str);
        vec![Value::str(name), Value::str("spark_catalog"), namespace, comment, Value::str(saved.word()), Value::Bool(false)]
    } else {
        vec![Value::str(name), Value::None, Value::list([]), Value::None, Value::str("TEMPORARY"), Value::Bool(true)]
    };
    Value::native(RowObject::of_class("Table", &fields, cells))
}

/// The tables and views of a database whose names fit, then the temporary views; those alone that `keep` says.
fn tables(vm: &mut Vm, values: &[Value], keep: impl Fn(Option<Saved>) -> bool) -> PyResult<Value> {
    let session = of(&values[0])?.clone();
    let database = database(vm, &session, &values[1])?;
    let mut rows = Vec::new();
    for name in session.tables_in(&database) {
        let saved = session.saved(&format!("{database}.{name}")).map(|(_, _, saved)| saved);
        if keep(saved) && fits(vm, &values[2], &name)? {
            rows.extend(saved.map(|saved| table_row(&session, &name, Some((&database, saved)))));
        }
    }
    for name in session.views() {
        if keep(None) && fits(vm, &values[2], &name)? {
            rows.push(table_row(&session, &name, None));
        }
    }
    Ok(Value::list(rows))
}

fn database_row(session: &Session, name: &str) -> PyResult<Value> {
    let fields = ["name", "catalog", "description", "locationUri"];
    let unsaid = if name == DEFAULT_DATABASE { "default database" } else { "" };
    let description = session.database_comment(name).or_raise()?.1.unwrap_or_else(|| unsaid.to_owned());
    let folder = session.database_folder(name).or_raise()?;
    let cells = vec![Value::str(name), Value::str("spark_catalog"), Value::str(description), Value::str(format!("file:{folder}"))];
    Ok(Value::native(RowObject::of_class("Database", &fields, cells)))
}

const FUNCTION_FIELDS: [&str; 6] = ["name", "catalog", "namespace", "description", "className", "isTemporary"];

fn function_row(name: &str, doc: &str) -> Value {
    let texts = [Value::str(name), Value::None, Value::None, Value::str(doc), Value::str("")];
    let cells = texts.into_iter().chain([Value::Bool(true)]).collect();
    Value::native(RowObject::of_class("Function", &FUNCTION_FIELDS, cells))
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
            let name = name_in(vm, &values[1], &values[2])?;
            Ok(Value::Bool(of(&values[0])?.table(&name).is_ok()))
        })
        .method("dropTempView(self, viewName)", "Forgets a view; says whether there was one.", |vm, values| {
            let name = args::text(vm, &values[1], "viewName")?;
            Ok(Value::Bool(of(&values[0])?.drop_view(&name)))
        })
        .method("dropTable(self, tableName, ifExists=False, purge=False)", "Removes a saved table and its files.", |vm, values| {
            let name = args::text(vm, &values[1], "tableName")?;
            if !of(&values[0])?.drop_table(&name).or_raise()? && !vm.truth(&values[2])? {
                return Err(not_found(&name));
            }
            Ok(Value::None)
        })
        .method("dropView(self, viewName, ifExists=False)", "Removes a saved view.", |vm, values| {
            let name = args::text(vm, &values[1], "viewName")?;
            if !of(&values[0])?.drop_saved_view(&name).or_raise()? && !vm.truth(&values[2])? {
                return Err(not_found(&name));
            }
            Ok(Value::None)
        })
        .method(
            "listTables(self, dbName=None, pattern=None)",
            "The tables and views of a database, and the temporary views.",
            |vm, values| tables(vm, &values, |_| true),
        )
        .method("listViews(self, dbName=None, pattern=None)", "The views of a database, and the temporary ones.", |vm, values| {
            tables(vm, &values, |saved| !matches!(saved, Some(Saved::Table { .. })))
        })
        .method("getTable(self, tableName)", "What is known of a table or view.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            let session = of(&values[0])?;
            session.table(&name).or_raise()?;
            if session.views().contains(&name.to_lowercase()) {
                return Ok(table_row(session, &name, None));
            }
            let saved = session.saved(&name);
            Ok(saved.map_or_else(
                || table_row(session, &name, None),
                |(database, name, saved)| table_row(session, &name, Some((&database, saved))),
            ))
        })
        .method("getTableProperties(self, tableName)", "The properties that a table was created with.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            let pairs = of(&values[0])?.table_properties(&name).or_raise()?;
            Ok(Value::dict(pairs.iter().map(|(key, value)| (key.as_str(), Value::str(value.as_str())))))
        })
        .method("getCreateTableString(self, tableName, asSerde=False)", "The statement that makes the table.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            of(&values[0])?.create_statement(&name).or_raise().map(Value::str)
        })
        .method("listPartitions(self, tableName)", "The folders of a table that is partitioned by columns.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            let partitions = of(&values[0])?.table_partitions(&name).or_raise()?;
            let row = |p: String| Value::native(RowObject::of_class("TablePartition", &["partition"], vec![Value::str(p)]));
            Ok(Value::list(partitions.into_iter().map(row).collect::<Vec<_>>()))
        })
        .method("recoverPartitions(self, tableName)", "Does nothing for a table of folders: they are all read anyway.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            of(&values[0])?.table_partitions(&name).or_raise().map(|_| Value::None)
        })
        .method("analyzeTable(self, tableName, noScan=False)", "Does nothing: plans are made without kept statistics.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            of(&values[0])?.table(&name).or_raise().map(|_| Value::None)
        })
        .method("listColumns(self, tableName, dbName=None)", "The columns of a view.", |vm, values| {
            let name = name_in(vm, &values[1], &values[2])?;
            let session = of(&values[0])?;
            let (frame, keys) = (session.table(&name).or_raise()?, session.folder_columns(&name));
            let fields = ["name", "description", "dataType", "nullable", "isPartition", "isBucket", "isCluster"];
            let rows = frame.schema().iter().map(|f| {
                let no = || Value::Bool(false);
                let comment = f.comment().map_or(Value::None, Value::str);
                let (nullable, is_key) = (Value::Bool(f.nullable), Value::Bool(keys.iter().any(|key| **key == *f.name)));
                let cells = vec![Value::str(&*f.name), comment, Value::str(f.data_type.to_string()), nullable, is_key, no(), no()];
                Value::native(RowObject::of_class("Column", &fields, cells))
            });
            Ok(Value::list(rows.collect::<Vec<_>>()))
        })
        .method("currentDatabase(self)", "The database of names without one.", |_, values| {
            Ok(Value::str(of(&values[0])?.current_database()))
        })
        .method("createDatabase(self, dbName, ifNotExists=False, properties=None)", "Makes a database.", |vm, values| {
            let name = args::text(vm, &values[1], "dbName")?;
            let if_not_exists = vm.truth(&values[2])?;
            of(&values[0])?.create_database(&name, if_not_exists).or_raise().map(|()| Value::None)
        })
        .method(
            "dropDatabase(self, dbName, ifExists=False, cascade=False)",
            "Removes a database; with cascade its tables too.",
            |vm, values| {
                let name = args::text(vm, &values[1], "dbName")?;
                let (if_exists, cascade) = (vm.truth(&values[2])?, vm.truth(&values[3])?);
                of(&values[0])?.drop_database(&name, if_exists, cascade).or_raise().map(|()| Value::None)
            },
        )
        .method("currentCatalog(self)", "Always \"spark_catalog\".", |_, _| Ok(Value::str("spark_catalog")))
        .method("setCurrentDatabase(self, dbName)", "Makes a database that of names without one.", |vm, values| {
            let name = args::text(vm, &values[1], "dbName")?;
            of(&values[0])?.use_database(&name).or_raise().map(|()| Value::None)
        })
        .method("setCurrentCatalog(self, catalogName)", "Takes \"spark_catalog\" alone.", |vm, values| {
            only(vm, &values[1], "spark_catalog", "CATALOG_NOT_FOUND")
        })
        .method("databaseExists(self, dbName)", "Whether there is such a database.", |vm, values| {
            let name = args::text(vm, &values[1], "dbName")?;
            Ok(Value::Bool(of(&values[0])?.has_database(&name)))
        })
        .method("listDatabases(self, pattern=None)", "The databases.", |vm, values| {
            let session = of(&values[0])?;
            let mut rows = Vec::new();
            for name in session.databases() {
                if fits(vm, &values[1], &name)? {
                    rows.push(database_row(session, &name)?);
                }
            }
            Ok(Value::list(rows))
        })
        .method("getDatabase(self, dbName)", "What is known of a database.", |vm, values| {
            let session = of(&values[0])?.clone();
            let name = database(vm, &session, &values[1])?;
            database_row(&session, &name)
        })
        .method("listCatalogs(self, pattern=None)", "The one catalog.", |vm, values| {
            let row = RowObject::of_class("CatalogMetadata", &["name", "description"], vec![Value::str("spark_catalog"), Value::None]);
            Ok(Value::list(if fits(vm, &values[1], "spark_catalog")? { vec![Value::native(row)] } else { Vec::new() }))
        })
        .method("functionExists(self, functionName, dbName=None)", "Whether there is a function of this name.", |vm, values| {
            let name = args::text(vm, &values[1], "functionName")?;
            Ok(Value::Bool(kindling_frame::functions::lookup(&name).is_some() || kindling_frame::functions::is_user_function(&name)))
        })
        .method("dropGlobalTempView(self, viewName)", "Forgets a global temporary view; whether there was one.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            Ok(Value::Bool(of(&values[0])?.drop_view(&format!("global_temp.{name}"))))
        })
        .method("listFunctions(self, dbName=None, pattern=None)", "What is known of each function.", |vm, values| {
            let mut rows = Vec::new();
            for function in kindling_frame::functions::all() {
                let plain = function.name.chars().all(|c| c.is_alphanumeric() || c == '_');
                if plain && fits(vm, &values[2], function.name)? {
                    rows.push(function_row(function.name, function.doc));
                }
            }
            Ok(Value::list(rows))
        })
        .method("getFunction(self, functionName)", "What is known of a function.", |vm, values| {
            let name = args::text(vm, &values[1], "functionName")?;
            match kindling_frame::functions::lookup(&name) {
                Some(function) => Ok(function_row(function.name, function.doc)),
                None if kindling_frame::functions::is_user_function(&name) => Ok(function_row(&name, "")),
                None => {
                    let text = format!("The routine `{name}` cannot be found.");
                    Err(spark_error("AnalysisException", "ROUTINE_NOT_FOUND", text))
                }
            }
        })
        .method(
            "createTable(self, tableName, path=None, source=None, schema=None, description=None, **options)",
            "Saves an empty table; gives its frame.",
            |vm, values| {
                let name = args::text(vm, &values[1], "tableName")?;
                let location = args::optional_text(vm, &values[2], "path")?;
                let format = args::optional_text(vm, &values[3], "source")?.unwrap_or_else(|| "parquet".into());
                let schema = match &values[4] {
                    Value::None => Vec::new(),
                    schema => match super::types::data_type(vm, schema, "schema")? {
                        kindling_frame::DataType::Struct(fields) => fields,
                        other => vec![kindling_frame::Field::new("value", other, true)],
                    },
                };
                let comment = args::optional_text(vm, &values[5], "description")?;
                let mut options = Vec::new();
                for (key, value) in values[6].as_dict().map(|dict| dict.items()).unwrap_or_default() {
                    options.push((key.as_str().unwrap_or_default().to_owned(), super::reader::option_text(vm, &value)?));
                }
                let session = of(&values[0])?;
                let (schema, save) = (
                    kindling_frame::Schema::new(schema),
                    kindling_frame::Save { format, options, location, comment, ..Default::default() },
                );
                if save.location.is_some() {
                    session.create_external_table(&name, &schema, &save).or_raise()?;
                } else {
                    session.create_dataframe(&[], schema).or_raise()?.save_as_table(&name, &save).or_raise()?;
                }
                session.table(&name).or_raise().map(super::frame::frame_value)
            },
        )
        .method("truncateTable(self, tableName)", "Removes a table's rows.", |vm, values| {
            let name = args::text(vm, &values[1], "tableName")?;
            of(&values[0])?.truncate_table(&name).or_raise()?;
            Ok(Value::None)
        })
        .method("isCached(self, tableName)", "Whether the view's rows are kept in memory.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            Ok(Value::Bool(of(&values[0])?.table(&name).or_raise()?.is_cached()))
        })
        .method("cacheTable(self, tableName, storageLevel=None)", "Keeps the view's rows in memory.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            of(&values[0])?.cache_table(&name).or_raise().map(|_| Value::None)
        })
        .method("uncacheTable(self, tableName)", "Forgets the view's rows.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            of(&values[0])?.uncache_table(&name).or_raise().map(|()| Value::None)
        })
        .method("clearCache(self)", "Forgets the rows that all frames, views and tables keep in memory.", |_, values| {
            of(&values[0])?.clear_cache();
            Ok(Value::None)
        })
        .method("refreshTable(self, tableName)", "Kept rows of the table are computed anew.", |vm, values| {
            let name = table_name(vm, &values[1])?;
            let session = of(&values[0])?;
            session.table(&name).or_raise()?;
            session.refresh_table(&name).or_raise().map(|()| Value::None)
        })
        .method("refreshByPath(self, path)", "Kept rows of tables are computed anew.", |_, values| {
            of(&values[0])?.refresh_tables().or_raise().map(|()| Value::None)
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
