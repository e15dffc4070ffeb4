/** What a first visit shows: the whole job on 344 penguins, in seconds. Plain PySpark; real Spark runs it too, but for the charts. */

import { newCell, type Cell, type Notebook } from './document';

const text = (source: string): Cell => newCell('markdown', source);
const code = (source: string): Cell => newCell('code', source);

export function welcome(): Notebook {
  return {
    title: 'Which penguin is it?',
    cells: [
      text(`# Which penguin is it?

Three kinds of penguin live around Palmer Station. Somebody measured 344 of them. Can a model tell which is which?

Press **Shift Enter** to go through the cells one by one, or **Run all** above. This is PySpark: the same cells run on a Spark cluster.
Here the cluster is your browser, and nothing leaves it.`),
      code(`from pyspark.sql import functions as F

penguins = spark.read.csv("/datasets/penguins.csv", header=True, inferSchema=True, nullValue="NA")
display(penguins)`),
      text(`## Look first

Adelies are the small ones with short bills. Gentoos are heavy. Chinstraps hide in between.`),
      code(`display(
    penguins.groupBy("species")
    .agg(
        F.count("*").alias("birds"),
        F.round(F.avg("bill_length_mm"), 1).alias("bill_length_mm"),
        F.round(F.avg("flipper_length_mm"), 1).alias("flipper_length_mm"),
        F.round(F.avg("body_mass_g"), 0).alias("body_mass_g"),
    )
    .orderBy("species")
)`),
      code(`penguins.plot.scatter(x="bill_length_mm", y="flipper_length_mm", color="species")`),
      text(`## Prepare and train

A pipeline keeps each step in its place: words become numbers, gaps are filled, everything is scaled. A fifth of the birds is kept aside
as a test that the model never sees.`),
      code(`from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import Imputer, OneHotEncoder, StandardScaler, StringIndexer, VectorAssembler

numeric = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
known = penguins.dropna(subset=["sex"])
for name in numeric:
    known = known.withColumn(name, F.col(name).cast("double"))
train, test = known.randomSplit([0.8, 0.2], seed=42)

stages = [
    StringIndexer(inputCols=["species", "island", "sex"], outputCols=["label", "island_index", "sex_index"]),
    OneHotEncoder(inputCols=["island_index", "sex_index"], outputCols=["island_vec", "sex_vec"]),
    Imputer(inputCols=numeric, outputCols=[f"{name}_filled" for name in numeric]),
    VectorAssembler(inputCols=[f"{name}_filled" for name in numeric] + ["island_vec", "sex_vec"], outputCol="raw"),
    StandardScaler(inputCol="raw", outputCol="features", withMean=True),
]
model = Pipeline(stages=stages + [LogisticRegression(regParam=0.01)]).fit(train)
predictions = model.transform(test)

accuracy = MulticlassClassificationEvaluator(metricName="accuracy")
print(f"{accuracy.evaluate(predictions):.1%} of {test.count()} unseen penguins named correctly")
display(predictions.select("species", "sex", "bill_length_mm", "prediction", "probability"))`),
      text(`Which ones does it mix up? The charts below come from \`kindling.plot\`, the one import here that is not Spark's.`),
      code(`from kindling import plot

plot.confusion_matrix(predictions)`),
      text(`## Cross-validate

How deep should the trees of a forest be? Try four depths, each on three folds, and let the scores decide.`),
      code(`from pyspark.ml.classification import RandomForestClassifier
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder

forest = RandomForestClassifier(numTrees=20, seed=7)
grid = ParamGridBuilder().addGrid(forest.maxDepth, [1, 2, 3, 5]).build()
cv = CrossValidator(
    estimator=Pipeline(stages=stages + [forest]),
    estimatorParamMaps=grid,
    evaluator=accuracy,
    numFolds=3,
    parallelism=2,
    seed=7,
)
cv_model = cv.fit(train)
print(f"{accuracy.evaluate(cv_model.transform(test)):.1%} with the best depth")
plot.cv_scores(cv_model)`),
      code(`plot.feature_importances(cv_model.bestModel)`),
      text(`## One against the rest

Is it a Chinstrap, yes or no? With two classes there is a curve: how many false alarms does each more Chinstrap found cost?`),
      code(`chinstrap = train.withColumn("label", (F.col("species") == "Chinstrap").cast("double"))
binary = Pipeline(
    stages=[VectorAssembler(inputCols=["bill_depth_mm", "body_mass_g"], outputCol="features"), LogisticRegression()]
).fit(chinstrap)

plot.roc_curve(binary.transform(chinstrap))`),
      text(`## Your turn

- Change a number above and run the cell again.
- Drop a CSV of your own on the page, or take a data set from **Data**.
- **Add** has forms that write cells for you: load, prepare, train, cross-validate, chart.
- **Share** puts the whole notebook into a link.`),
    ],
  };
}
